extension NASBench201 {
  /// Reads a CSV file with a cell's string in each row, such as the benchmark's own tables with `arch,arch_str`.
  ///
  /// ```swift
  /// let graphs = try NASBench201.load("archs.csv", .pruned)
  /// let latencies = try LatencyTable.read("i7.csv", device: "i7-7820X", latencyColumn: "latency_ms")
  /// let data = try Dataset(graphs: graphs, latencies: latencies, matching: .common)
  /// ```
  /// - Throws: `InputError` at file, line and column of the invalid input.
  public static func load(
    _ path: String, _ form: Form, idColumn: String = "arch", cellColumn: String = "arch_str"
  ) throws -> [NetworkGraph] {
    try graphs(CSVTable.read(path), form, idColumn: idColumn, cellColumn: cellColumn)
  }

  /// The graphs of a table that has been read.
  public static func graphs(
    _ table: CSVTable, _ form: Form, idColumn: String = "arch", cellColumn: String = "arch_str"
  ) throws -> [NetworkGraph] {
    let ids = try table.index(of: idColumn)
    let cells = try table.index(of: cellColumn)
    var lineOfID: [String: Int] = [:]
    return try table.rows.map { row in
      let id = row[ids]
      if let first = lineOfID.updateValue(row.line, forKey: id) {
        throw InputError.idTaken(id, byLine: first).at(table.place(of: row, column: ids))
      }
      do {
        return try Cell(row[cells]).graph(id: id, form)
      } catch let error as InputError {
        throw error.at(table.place(of: row, column: cells))
      }
    }
  }
}
