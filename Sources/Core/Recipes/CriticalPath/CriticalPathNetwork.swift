/// The columns' values of a network, as far as they don't depend on which path is the longest.
struct CriticalPathNetwork {
  let work: [Double]
  private let pairs: [Double]
  private let unused: [Double]
  private let spanCount: Int
  /// The nodes that a path can go through, in topological order: those with edges whose results are used. A node whose
  /// result isn't used can be the first of a path, because a device may run it, and `none` waits for it. It then costs
  /// its own price, but doesn't decide which path is the longest.
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
