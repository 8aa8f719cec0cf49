/// Two operations, in alphabetical order, whose nodes can run at the same time.
public struct OperationPair: Codable, Hashable, Sendable, Comparable {
  public let first: NetworkOperation
  public let second: NetworkOperation

  init(_ left: NetworkOperation, _ right: NetworkOperation) {
    (first, second) = left.rawValue <= right.rawValue ? (left, right) : (right, left)
  }

  public static func < (left: Self, right: Self) -> Bool {
    (left.first.rawValue, left.second.rawValue) < (right.first.rawValue, right.second.rawValue)
  }
}

/// The parts of the model of `CriticalPath` beside the sums over all nodes.
public struct CriticalPathParts: OptionSet, Codable, Hashable, Sendable {
  public let rawValue: Int

  public init(rawValue: Int) { self.rawValue = rawValue }

  /// The longest path.
  public static let span = CriticalPathParts(rawValue: 1)
  /// The pairs of nodes that can run at the same time; only with `span`.
  public static let pairs = CriticalPathParts(rawValue: 2)
  /// The nodes whose results nobody uses.
  public static let unused = CriticalPathParts(rawValue: 4)

  /// The combinations that make sense, the smallest first.
  static let combinations: [CriticalPathParts] = [
    [], [.unused], [.span], [.span, .unused], [.span, .pairs], [.span, .pairs, .unused],
  ]
}

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
    if nodes.nodes.contains(where: { operations.position(of: $0.operation) == nil }) {
      for graph in graphs { try graph.requireOperations(of: operations) }
    }
    let sums = TermColumns(work, nodes: nodes.nodes, registry: operations)
    return graphs.indices.map { index in
      var values = [Double](repeating: 0, count: work.count)
      sums.add(nodes[index], of: graphs[index], to: &values)
      return CriticalPathNetwork(graphs[index], work: values, terms: self)
    }
  }
}

/// The columns' values of a network, as far as they don't depend on which path is the longest.
struct CriticalPathNetwork {
  let work: [Double]
  private let pairs: [Double]
  private let unused: [Double]
  private let spanCount: Int
  /// The nodes that a path can go through, in topological order: those with edges whose results are used.
  private let order: [Int]
  private var predecessors: [[Int]]
  private var isEnd: [Bool]
  /// For each node the indices among the span terms, and the values, that it adds.
  private let values: [[(term: Int, value: Double)]]

  init(_ graph: NetworkGraph, work: [Double], terms: CriticalPathTerms) {
    self.work = work
    let counts = terms.pairs.isEmpty ? [:] : graph.parallelPairs
    pairs = terms.pairs.map { counts[$0] ?? 0 }
    spanCount = terms.span.count
    let isUnused = graph.unusedNodes
    let needsFLOPs = !terms.span.isEmpty || isUnused.contains(true) && !terms.unused.isEmpty
    let flops = needsFLOPs ? graph.floatingPointOperations(registry: terms.operations) : []
    var unused = [Double](repeating: 0, count: terms.unused.count)
    for node in graph.nodes.indices where isUnused[node] {
      for (term, value) in graph.nodes[node].values(of: terms.unused, flops: flops.isEmpty ? nil : flops[node]) {
        unused[term] += value
      }
    }
    self.unused = unused
    predecessors = [[Int]](repeating: [], count: graph.nodes.count)
    isEnd = [Bool](repeating: true, count: graph.nodes.count)
    guard !terms.span.isEmpty else {
      order = []
      values = []
      return
    }
    for edge in graph.edges {
      predecessors[edge.target].append(edge.source)
      isEnd[edge.source] = false
    }
    order = graph.topologicalOrder().filter { [predecessors, isEnd] node in
      !isUnused[node] && (!predecessors[node].isEmpty || !isEnd[node] || graph.edges.isEmpty)
    }
    values = zip(graph.nodes, flops).map { $0.values(of: terms.span, flops: $1) }
  }

  /// The nodes of the path from a node without predecessors to one without successors with the highest sum of prices;
  /// of equal ones, that through the earlier nodes.
  ///
  /// - Parameter prices: A price of any sign for each span term.
  func longestPath(_ prices: ArraySlice<Double>) -> [Int] {
    var lengths = [Double](repeating: 0, count: values.count)
    var best = [Int?](repeating: nil, count: values.count)
    var end: Int?
    for node in order {
      for predecessor in predecessors[node] {
        if let known = best[node], lengths[predecessor] <= lengths[known] { continue }
        best[node] = predecessor
      }
      var length = best[node].map { lengths[$0] } ?? 0
      for (term, value) in values[node] { length += prices[prices.startIndex + term] * value }
      lengths[node] = length
      guard isEnd[node] else { continue }
      if end.map({ length > lengths[$0] }) ?? true { end = node }
    }
    var path: [Int] = []
    while let node = end {
      path.append(node)
      end = best[node]
    }
    return path.reversed()
  }

  /// All columns: work, the sums over the path that is longest by `prices`, pairs, unused work.
  func row(_ prices: ArraySlice<Double>) -> [Double] {
    guard spanCount > 0 else { return work + pairs + unused }
    var sums = [Double](repeating: 0, count: spanCount)
    for node in longestPath(prices) {
      for (term, value) in values[node] { sums[term] += value }
    }
    return work + sums + pairs + unused
  }
}

extension Node {
  /// The indices of those of `terms`, which are without resolution, to which the node adds, and what it adds.
  fileprivate func values(of terms: [OperationTerm], flops: Double?) -> [(term: Int, value: Double)] {
    terms.enumerated().compactMap { index, term in
      guard term.operation == operation else { return nil }
      let value: Double? =
        switch term.measure {
        case .count: 1
        case .size: outputSize
        case .flops: flops
        }
      return value.map { (index, $0) }
    }
  }
}

extension NetworkGraph {
  /// For each pair of operations the number of pairs of nodes of which neither depends on the other, so that they can
  /// run at the same time. Nodes without edges don't count.
  var parallelPairs: [OperationPair: Double] {
    guard !edges.isEmpty else { return [:] }
    var isUsed = [Bool](repeating: false, count: nodes.count)
    for edge in edges {
      isUsed[edge.source] = true
      isUsed[edge.target] = true
    }
    var counts: [NetworkOperation: Double] = [:]
    for (node, used) in zip(nodes, isUsed) where used { counts[node.operation, default: 0] += 1 }
    var pairs: [OperationPair: Double] = [:]
    for (left, leftCount) in counts {
      for (right, rightCount) in counts where left.rawValue <= right.rawValue {
        pairs[OperationPair(left, right)] = left == right ? leftCount * (leftCount - 1) / 2 : leftCount * rightCount
      }
    }
    Reachability(edges, nodeCount: nodes.count).forEachPair {
      pairs[OperationPair(nodes[$0].operation, nodes[$1].operation), default: 0] -= 1
    }
    return pairs.filter { $0.value > 0 }
  }

  /// For each node whether nothing uses its result: it has successors, but each of them is a `none` of NAS-Bench-201,
  /// which multiplies by zero, or its result isn't used either. Some runtimes leave such nodes out.
  var unusedNodes: [Bool] {
    var isUnused = [Bool](repeating: false, count: nodes.count)
    guard nodes.contains(where: { $0.operation == .noOperation }) else { return isUnused }
    var successors = [[Int]](repeating: [], count: nodes.count)
    for edge in edges { successors[edge.source].append(edge.target) }
    for node in topologicalOrder().reversed() where !successors[node].isEmpty {
      isUnused[node] = successors[node].allSatisfy { nodes[$0].operation == .noOperation || isUnused[$0] }
    }
    return isUnused
  }
}
