import Numerics

/// Encodes a network as a sequence of tokens, as in NAR-Former (Yi and others, CVPR 2023): one for each node in
/// topological order, and a last one for the length.
///
/// A token consists of the code of the node's operation (its number in the registry), the code of its place in the
/// order, the sum of the codes of its predecessors' places, and its attributes in the scaling of `GraphEncoding`. The
/// last token has an operation of its own and the number of nodes as its place. The code of a number p is
///
///     sin(p / 100^(k / frequencies)), cos(p / 100^(k / frequencies)) for k = 0, 1, ...
///
/// The paper's codes are sin and cos of f pi p. With powers of two for f, those of all whole numbers are alike, and
/// the linear steps of its program are no better than random. Nodes with the operation `removed` are not tokens.
public struct TokenEncoding: GraphRowEncoding, CheckedStructure {
  public let nodes: GraphEncoding
  public let frequencies: Int

  public init(nodes: GraphEncoding, frequencies: Int) {
    self.nodes = nodes
    self.frequencies = frequencies
  }

  var isSound: Bool { (1...100_000).contains(frequencies) }

  private var codeWidth: Int { 2 * frequencies }
  public var featureCount: Int { 3 * codeWidth + nodes.quantities.count }

  public func encode(_ graphs: [NetworkGraph]) throws -> EncodedGraphs {
    try encode(graphs.map { ($0, $0.topologicalOrder()) })
  }

  /// Encodes each graph's tokens in a given order of its nodes.
  func encode(_ graphs: [(graph: NetworkGraph, order: [Int])]) throws -> EncodedGraphs {
    let rows = try nodes.encode(graphs.map(\.graph))
    return try EncodedGraphs(featureCount: featureCount, encoding: graphs) { tokens(of: $0, rows) }
  }

  /// - Parameter rows: The nodes of all graphs.
  private func tokens(
    of graphs: ArraySlice<(graph: NetworkGraph, order: [Int])>, _ rows: EncodedGraphs
  ) -> EncodedGraphs {
    var result = EncodedGraphs(featureCount: featureCount)
    let nodeCount = graphs.reduce(0) { $0 + $1.graph.nodes.count }
    result.features.reserveCapacity((nodeCount + graphs.count) * featureCount)
    var codes: [[Float]] = []
    func code(_ number: Int) -> [Float] {
      while codes.count <= number { codes.append(makeCode(codes.count)) }
      return codes[number]
    }
    let zeros = [Float](repeating: 0, count: codeWidth + nodes.quantities.count)
    let firstQuantity = nodes.operations.definitions.count
    for (index, (graph, order)) in zip(graphs.indices, graphs) {
      let order = order.filter { graph.nodes[$0].operation != .removed }
      var places = [Int](repeating: 0, count: graph.nodes.count)
      for (place, node) in order.enumerated() { places[node] = place }
      var sources = [Float](repeating: 0, count: codeWidth * graph.nodes.count)
      for edge in graph.edges {
        let code = code(places[edge.source])
        for index in 0..<codeWidth { sources[edge.target * codeWidth + index] += code[index] }
      }
      for (place, node) in order.enumerated() {
        result.features += code(nodes.operations.position(of: graph.nodes[node].operation) ?? 0)
        result.features += code(place)
        result.features += sources[node * codeWidth..<(node + 1) * codeWidth]
        let start = (rows.nodeOffsets[index] + node) * rows.featureCount + firstQuantity
        result.features += rows.features[start..<start + nodes.quantities.count]
      }
      result.features += code(nodes.operations.definitions.count)
      result.features += code(order.count)
      result.features += zeros
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
