extension NetworkGraph {
  /// A topological order of the node numbers. Among the nodes that could be next, it takes the one with the least
  /// number, or the one that `choose` selects from so many.
  func topologicalOrder(choosing choose: (Int) -> Int = { _ in 0 }) -> [Int] {
    var waiting = [Int](repeating: 0, count: nodes.count)
    var successors = [[Int]](repeating: [], count: nodes.count)
    for edge in edges {
      waiting[edge.target] += 1
      successors[edge.source].append(edge.target)
    }
    var ready = nodes.indices.filter { waiting[$0] == 0 }
    var order: [Int] = []
    while !ready.isEmpty {
      let node = ready.remove(at: choose(ready.count))
      order.append(node)
      for successor in successors[node] {
        waiting[successor] -= 1
        guard waiting[successor] == 0 else { continue }
        ready.insert(successor, at: ready.firstIndex { $0 > successor } ?? ready.count)
      }
    }
    return order
  }
}
