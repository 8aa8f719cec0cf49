extension NetworkGraph {
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
