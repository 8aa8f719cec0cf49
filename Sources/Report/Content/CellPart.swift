import Engine

/// A piece of what a report shows of a cell. Every format shows these, in this order, and decides on their looks alone.
package enum CellPart: Sendable {
  case source
  /// The result is of an earlier version of the cell or of what it uses.
  case stale
  /// The result is kept, and was made then and there, in words.
  case pinned(String)
  /// An output, by its number among the cell's.
  case output(Int)
  case failure(CellFailure)
  /// It was not run because of these cells.
  case notRun(needs: [String])
}

extension ReportContent {
  /// All that the report shows of a cell.
  package func parts(of cell: CellReport) -> [CellPart] {
    var parts: [CellPart] = []
    let isSeen = cell.showsOutput || cell.options.include
    if cell.options.include, cell.options.echo { parts.append(.source) }
    if cell.state == .stale, isSeen { parts.append(.stale) }
    if let origin = cell.pinned, isSeen {
      let place = [origin.host, origin.processor].compactMap { $0 }.joined(separator: ", ")
      parts.append(.pinned(words.pinned(date: words.date(String(origin.date.prefix(10))), place: place)))
    }
    if cell.showsOutput { parts += cell.outputs.indices.map(CellPart.output) }
    if let failure = cell.failure { parts.append(.failure(failure)) }
    if cell.state.isNotRun, cell.options.evaluate { parts.append(.notRun(needs: cell.needs)) }
    return parts
  }
}
