/// Features of networks for predictors that read tables: those sums of `OperationTerm` that differ between known
/// networks, the work (`WorkFeatures`) and, if all networks have the same number of nodes, one-hot columns for the
/// node at each place. A context adds what surrounds the nodes (`ContextSums`).
struct TabularFeatures: CheckedStructure, Codable, Hashable, Sendable {
  let terms: [OperationTerm]
  let work: [Int]
  let places: AdditiveColumns?
  /// What surrounds the nodes; nil, as in files of older versions, without it.
  let surroundings: ContextSums?
  let operations: OperationRegistry

  /// - Throws: `InputError` when there are no networks, or an operation is unknown.
  init(
    fitting graphs: [NetworkGraph], context: [NodeContext] = [], registry: OperationRegistry = .standard
  ) throws {
    let operations = try registry.restricted(to: graphs.lazy.flatMap { $0.nodes.lazy.map(\.operation) })
    let sums = graphs.map { $0.operationSums(registry: operations) }
    terms = Set(sums.lazy.flatMap(\.keys)).sorted().filter { term in
      let first = sums.first?[term] ?? 0
      return sums.contains { ($0[term] ?? 0) != first }
    }
    work = ScaledColumns(fitting: graphs.map { WorkFeatures.values(of: $0) }).columns
    let isAligned = graphs.allSatisfy { $0.nodes.count == graphs[0].nodes.count }
    let isAlike = graphs.allSatisfy { $0.nodes == graphs[0].nodes }
    places = isAligned && !isAlike ? try AdditiveColumns(graphs) : nil
    surroundings = context.isEmpty ? nil : try ContextSums(fitting: graphs, context: context, registry: registry)
    self.operations = operations
  }

  var count: Int { terms.count + work.count + (places?.count ?? 0) + (surroundings?.count ?? 0) }

  var isSound: Bool {
    work.allSatisfy { (0..<WorkFeatures.count).contains($0) } && places?.isSound ?? true
      && surroundings?.isSound ?? true
  }

  /// Descriptions of the columns.
  var names: [String] {
    let sums = terms.map { term in
      "\(term.measure.rawValue) of \(term.operation)" + (term.resolution.map { " at \($0)" } ?? "")
    }
    return sums + work.map { "work \($0)" } + (places?.names ?? []) + (surroundings?.names ?? [])
  }

  /// - Throws: `InputError` when a graph has an operation or a number of nodes that no known network has.
  func rows(of graphs: [NetworkGraph]) throws -> [[Double]] {
    let nodes = DistinctNodes(graphs)
    let ones = try places?.ones(of: nodes)
    try nodes.requireOperations(of: operations)
    let sums = TermColumns(terms, nodes: nodes.nodes, registry: operations)
    let parts = nodes.nodes.map { OperationWork.parts(of: $0) }
    let around = try surroundings?.rows(of: graphs)
    let first = terms.count + work.count
    return graphs.indices.map { graph in
      let numbers = nodes[graph]
      var row = [Double](repeating: 0, count: count)
      sums.add(numbers, of: graphs[graph], to: &row)
      let values = WorkFeatures.values(numbers.lazy.map { parts[Int($0)] })
      for (index, column) in work.enumerated() { row[terms.count + index] = values[column] }
      ones?.forEach(of: numbers) { row[first + $0] = 1 }
      if let around { row.replaceSubrange((count - around[graph].count)..., with: around[graph]) }
      return row
    }
  }
}
