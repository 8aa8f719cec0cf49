/// The columns that `CriticalPath` prices, as found in the training graphs.
struct CriticalPathTerms: Codable, Hashable, Sendable {
  /// The terms that are summed over all nodes.
  let work: [OperationTerm]
  /// The terms that are summed over the nodes of one path; empty if no training graph has two nodes that can run at
  /// the same time, because then all nodes are on the path.
  private(set) var span: [OperationTerm]
  /// The pairs of operations whose nodes can run at the same time.
  private(set) var pairs: [OperationPair]
  /// The terms that are summed over the nodes whose results nobody uses (`NetworkGraph.unusedNodes`). Some runtimes
  /// leave such nodes out.
  private(set) var unused: [OperationTerm]
  let operations: OperationRegistry

  /// - Throws: `InputError` when an operation is unknown.
  init(fitting graphs: [NetworkGraph], registry: OperationRegistry = .standard) throws {
    operations = try registry.restricted(to: graphs.lazy.flatMap { $0.nodes.lazy.map(\.operation) })
    let seen = graphs.reduce(into: Set<OperationTerm>()) { [operations] seen, graph in
      seen.formUnion(graph.operationSums(registry: operations).keys)
    }
    work = seen.sorted()
    pairs = graphs.reduce(into: Set<OperationPair>()) { $0.formUnion($1.parallelPairs.keys) }.sorted()
    let whole = work.filter { $0.resolution == nil }
    span = pairs.isEmpty ? [] : whole
    let wasted = graphs.reduce(into: Set<NetworkOperation>()) { wasted, graph in
      for (node, isUnused) in zip(graph.nodes, graph.unusedNodes) where isUnused { wasted.insert(node.operation) }
    }
    unused = whole.filter { wasted.contains($0.operation) }
  }

  /// The same columns without those of other parts.
  func keeping(_ parts: CriticalPathParts) -> CriticalPathTerms {
    var some = self
    if !parts.contains(.span) { some.span = [] }
    if !parts.contains(.pairs) { some.pairs = [] }
    if !parts.contains(.unused) { some.unused = [] }
    return some
  }

  /// The parts that have columns.
  var parts: CriticalPathParts {
    var parts: CriticalPathParts = []
    if !span.isEmpty { parts.insert(.span) }
    if !pairs.isEmpty { parts.insert(.pairs) }
    if !unused.isEmpty { parts.insert(.unused) }
    return parts
  }

  var count: Int { work.count + span.count + pairs.count + unused.count }

  /// The columns of the span terms, between those of work and of pairs.
  var spanColumns: Range<Int> { work.count..<work.count + span.count }

  /// The columns of the pairs, after those of the span.
  var pairColumns: Range<Int> { spanColumns.upperBound..<spanColumns.upperBound + pairs.count }

  /// - Throws: `InputError` that names the first graph with an operation that no training graph had.
  func networks(_ graphs: [NetworkGraph]) throws -> [CriticalPathNetwork] {
    let nodes = DistinctNodes(graphs)
    try nodes.requireOperations(of: operations)
    let sums = TermColumns(work, nodes: nodes.nodes, registry: operations)
    return graphs.indices.map { index in
      var values = [Double](repeating: 0, count: work.count)
      sums.add(nodes[index], of: graphs[index], to: &values)
      return CriticalPathNetwork(graphs[index], work: values, terms: self)
    }
  }
}
