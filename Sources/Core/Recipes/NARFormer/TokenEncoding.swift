import Numerics

/// A network as a sequence of tokens, one for each node in topological order, and one for the length behind them, as in
/// NAR-Former (Yi and others, CVPR 2023).
///
/// A token has the codes of the node's operation (its number in the registry), of its own place in the order, and the
/// sum of the codes of its predecessors' places; then its attributes as a `GraphEncoding` scales them. The last token
/// has an operation of its own and the number of nodes as its place. The code of a number p is
///
///     sin(p / 100^(k / frequencies)), cos(p / 100^(k / frequencies)) for k = 0, 1, ...
///
/// The paper's are sin and cos of f pi p; powers of two for f make those of whole numbers all alike, and the linear
/// steps of its program are as good as random. Nodes of the operation `removed` are no tokens.
public struct TokenEncoding: GraphRowEncoding {
  public let nodes: GraphEncoding
  public let frequencies: Int

  public init(nodes: GraphEncoding, frequencies: Int) {
    self.nodes = nodes
    self.frequencies = frequencies
  }

  private var codeWidth: Int { 2 * frequencies }
  public var featureCount: Int { 3 * codeWidth + nodes.quantities.count }

  public func encode(_ graphs: [NetworkGraph]) throws -> EncodedGraphs {
    try encode(graphs.map { ($0, $0.topologicalOrder()) })
  }

  /// Each graph's tokens in a given order of its nodes.
  func encode(_ graphs: [(graph: NetworkGraph, order: [Int])]) throws -> EncodedGraphs {
    var result = EncodedGraphs(featureCount: featureCount)
    var codes: [[Float]] = []
    func code(_ number: Int) -> [Float] {
      while codes.count <= number { codes.append(makeCode(codes.count)) }
      return codes[number]
    }
    for (graph, order) in graphs {
      let rows = try nodes.encode([graph])
      let order = order.filter { graph.nodes[$0].operation != .removed }
      var places = [Int](repeating: 0, count: graph.nodes.count)
      for (place, node) in order.enumerated() { places[node] = place }
      var sources = [[Float]](
        repeating: [Float](repeating: 0, count: codeWidth), count: graph.nodes.count)
      for edge in graph.edges {
        for (index, value) in code(places[edge.source]).enumerated() { sources[edge.target][index] += value }
      }
      let firstQuantity = nodes.operations.definitions.count
      for (place, node) in order.enumerated() {
        result.features += code(nodes.operations.position(of: graph.nodes[node].operation) ?? 0)
        result.features += code(place)
        result.features += sources[node]
        let start = node * rows.featureCount + firstQuantity
        result.features += rows.features[start..<start + nodes.quantities.count]
      }
      result.features += code(nodes.operations.definitions.count)
      result.features += code(order.count)
      result.features += [Float](repeating: 0, count: codeWidth + nodes.quantities.count)
      let rowCount = result.rowCount + order.count + 1
      result.nodeOffsets.append(rowCount)
      result.neighbourOffsets += [Int](repeating: 0, count: order.count + 1)
    }
    return result
  }

  private func makeCode(_ number: Int) -> [Float] {
    (0..<frequencies).flatMap { k in
      let angle =
        Double(number) * CorrectlyRounded.exp(-CorrectlyRounded.log(100) * Double(k) / Double(frequencies))
      return [Float(CorrectlyRounded.cos(angle - .pi / 2)), Float(CorrectlyRounded.cos(angle))]
    }
  }
}

extension NetworkGraph {
  /// Node numbers in an order in which each comes behind its predecessors: of those that could be next, the one with
  /// the least number, or one that `choose` takes of so many.
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
