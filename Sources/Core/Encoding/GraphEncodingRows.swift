import Foundation
import Numerics

extension GraphEncoding {
  /// Encodes the graphs in order.
  /// - Throws: `InputError` that names the graph and node with an operation that the encoding doesn't know.
  public func encode(_ graphs: [NetworkGraph]) throws -> EncodedGraphs {
    try encode(graphs, appending: 0) { { _ in [] } }
  }

  public func encode(_ graph: NetworkGraph) throws -> EncodedGraphs {
    try encode([graph])
  }

  /// Encodes the graphs in order, each row with more features at its end.
  /// - Parameters:
  ///   - count: The number of these features.
  ///   - makeFeatures: Returns a function for use by one thread, which computes these features of all rows of a graph.
  func encode(
    _ graphs: [NetworkGraph], appending count: Int, _ makeFeatures: () -> (NetworkGraph) -> [Float]
  ) throws -> EncodedGraphs {
    try EncodedGraphs(featureCount: featureCount + count, encoding: graphs) { some in
      let features = makeFeatures()
      var encoder = RowEncoder(self, graphs: some, moreFeatures: count)
      for graph in some { try encoder.append(graph, features(graph)) }
      return encoder.result
    }
  }
}

extension GraphEncoding {
  /// The features of a node's operation and quantities; nil if the operation is unknown.
  fileprivate func features(of node: Node, inputPositions: Double?) -> [Float]? {
    var values = [Float](repeating: 0, count: contextStart)
    if node.operation == .removed { return values }
    guard let column = operations.position(of: node.operation) else { return nil }
    values[column] = 1
    let cost = operations.definitions[column].cost
    for (column, scaled) in quantities.enumerated() {
      guard let value = scaled.quantity.value(of: node, cost: cost, inputPositions: inputPositions) else { continue }
      values[operations.definitions.count + column] = Float(
        (CorrectlyRounded.log1p(value) - scaled.mean) / scaled.deviation)
    }
    return values
  }
}

/// Appends graphs one after the other. All of them share its working memory.
private struct RowEncoder {
  private let encoding: GraphEncoding
  private let featureCount: Int
  private let needsInputPositions: Bool
  /// The features of a node's operation and quantities.
  private var features = NodeMemo<[Float]?>()
  private(set) var result: EncodedGraphs
  /// For each node's row, the end of its neighbours in `neighbours`.
  private var ends: [Int] = []
  private var neighbours: [Int32] = []

  init(_ encoding: GraphEncoding, graphs: ArraySlice<NetworkGraph>, moreFeatures: Int) {
    self.encoding = encoding
    featureCount = encoding.featureCount + moreFeatures
    needsInputPositions = encoding.quantities.contains { $0.quantity == .floatingPointOperations }
    result = EncodedGraphs(featureCount: featureCount)
    let globals = encoding.globalNode ? graphs.count : 0
    let nodes = graphs.reduce(0) { $0 + $1.nodes.count }
    let edges = graphs.reduce(0) { $0 + $1.edges.count } * (encoding.direction == .both ? 2 : 1)
    result.nodeOffsets.reserveCapacity(graphs.count + 1)
    result.features.reserveCapacity((nodes + globals) * featureCount)
    result.neighbourOffsets.reserveCapacity(nodes + globals + 1)
    result.neighbours.reserveCapacity(edges + (encoding.selfLoops ? nodes : 0) + nodes + globals)
  }

  /// - Parameter features: The features at the end of each of the graph's rows.
  mutating func append(_ graph: NetworkGraph, _ features: [Float]) throws {
    if encoding.globalNode { appendGlobalRow(over: graph.nodes.count, features) }
    try appendFeatures(of: graph, features)
    if !encoding.context.isEmpty { addContext(of: graph) }
    appendNeighbours(of: graph)
    result.nodeOffsets.append(result.neighbourOffsets.count - 1)
  }

  private mutating func appendGlobalRow(over nodeCount: Int, _ features: [Float]) {
    for _ in 0..<(encoding.featureCount - 1) { result.features.append(0) }
    result.features.append(1)
    result.features += features
    for node in 0...Int32(nodeCount) { result.neighbours.append(node) }
    result.neighbourOffsets.append(result.neighbours.count)
  }

  private mutating func appendFeatures(of graph: NetworkGraph, _ more: [Float]) throws {
    let inputPositions = needsInputPositions ? graph.inputPositions : []
    let zeros = encoding.featureCount - encoding.contextStart
    for (index, node) in graph.nodes.enumerated() {
      let positions = needsInputPositions ? inputPositions[index] : nil
      let own = features.value(of: node, inputPositions: positions) { [encoding] in
        encoding.features(of: node, inputPositions: positions)
      }
      guard let own else { throw unknown(index, in: graph) }
      result.features += own
      for _ in 0..<zeros { result.features.append(0) }
      result.features += more
    }
  }

  private static let logarithms = (0..<256).map { Float(CorrectlyRounded.log1p(Double($0))) }

  /// `log(1 + count)` of a whole number.
  private static func logarithm(ofCount count: Float) -> Float {
    count < Float(logarithms.count)
      // bounded: The count is a number of nodes that is less than the table's length.
      ? logarithms[Int(count)] : Float(CorrectlyRounded.log1p(Double(count)))
  }

  /// Counts into the columns of the context, then takes their logarithms.
  private mutating func addContext(of graph: NetworkGraph) {
    let operationCount = encoding.operations.definitions.count
    let firstRow = result.features.count - graph.nodes.count * featureCount
    let width = featureCount
    let columns = graph.nodes.map { encoding.operations.position(of: $0.operation) }
    func count(_ node: Int, _ column: Int) { result.features[firstRow + node * width + column] += 1 }
    var start = encoding.contextStart
    let reaches = encoding.context.contains { $0 == .ancestors || $0 == .descendants }
    let reachability = reaches ? Reachability(graph.edges, nodeCount: graph.nodes.count) : nil
    for context in encoding.context {
      switch context {
      case .ancestors:
        reachability?.forEachPair { if let column = columns[$0] { count($1, start + column) } }
      case .descendants:
        reachability?.forEachPair { if let column = columns[$1] { count($0, start + column) } }
      case .predecessors:
        for edge in graph.edges { if let column = columns[edge.source] { count(edge.target, start + column) } }
      case .successors:
        for edge in graph.edges { if let column = columns[edge.target] { count(edge.source, start + column) } }
      case .degrees:
        for edge in graph.edges {
          count(edge.target, start)
          count(edge.source, start + 1)
        }
      }
      start += context.featureCount(operations: operationCount)
    }
    for node in graph.nodes.indices {
      for column in (firstRow + node * width + encoding.contextStart)..<(firstRow + node * width + start) {
        result.features[column] = Self.logarithm(ofCount: result.features[column])
      }
    }
  }

  /// Appends the neighbours of the nodes' rows in two passes over the edges: one counts, one places.
  private mutating func appendNeighbours(of graph: NetworkGraph) {
    let nodeCount = graph.nodes.count
    let shift: Int32 = encoding.globalNode ? 1 : 0
    let selfLoops = encoding.selfLoops
    ends.removeAll(keepingCapacity: true)
    for _ in 0...nodeCount { ends.append(0) }
    encoding.direction.forEachNeighbour(in: graph.edges) { row, _ in ends[row + 1] += 1 }
    for node in 0..<nodeCount { ends[node + 1] += ends[node] + (selfLoops ? 1 : 0) }

    neighbours.removeAll(keepingCapacity: true)
    for _ in 0..<ends[nodeCount] { neighbours.append(0) }
    // Here ends[n] is the start of row n. It moves to the row's end while its neighbours are placed.
    if selfLoops {
      for node in 0..<nodeCount {
        neighbours[ends[node]] = Int32(node) + shift
        ends[node] += 1
      }
    }
    encoding.direction.forEachNeighbour(in: graph.edges) { row, neighbour in
      neighbours[ends[row]] = Int32(neighbour) + shift
      ends[row] += 1
    }
    var begin = 0
    for node in 0..<nodeCount {
      neighbours[begin..<ends[node]].sort()
      begin = ends[node]
      result.neighbourOffsets.append(result.neighbours.count + begin)
    }
    result.neighbours.append(contentsOf: neighbours)
  }

  private func unknown(_ index: Int, in graph: NetworkGraph) -> InputError {
    let name = graph.nodes[index].operation.rawValue
    return InputError(
      "node \(index) of \"\(graph.id)\" has the operation \"\(name)\", which the encoding doesn't know",
      remedy: InputError.remedy(
        unknown: name, among: encoding.operations.definitions.map(\.operation.rawValue), called: "operations it knows"))
  }
}

extension GraphEncoding.Direction {
  /// Calls `body` with each pair of a node and one that it aggregates. In a graph without cycles no pair appears
  /// twice.
  fileprivate func forEachNeighbour(in edges: [Edge], _ body: (_ row: Int, _ neighbour: Int) -> Void) {
    for edge in edges {
      if self != .backward { body(edge.source, edge.target) }
      if self != .forward { body(edge.target, edge.source) }
    }
  }
}
