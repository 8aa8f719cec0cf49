/// A directed edge: data flows from one node to another.
public struct Edge: Hashable, Sendable, CustomStringConvertible {
  private var ends: SIMD2<Int32>

  /// Indices of two nodes of a graph, from 0.
  public init(_ source: Int, _ target: Int) {
    ends = SIMD2(Int32(clamping: source), Int32(clamping: target))
  }

  public var source: Int { Int(ends.x) }
  public var target: Int { Int(ends.y) }
  public var description: String { "[\(source),\(target)]" }
}

/// A network: a node for each operation, a directed edge for each flow of data, and named numbers that describe the
/// network as a whole.
///
/// A graph is always valid: it has at least one node; its registry knows its operations; its attributes are positive;
/// its edges are distinct, join its own nodes and form no cycle.
///
/// ```swift
/// let graph = try NetworkGraph(
///   id: "tiny",
///   nodes: [
///     Node(.input, outputChannels: 3, height: 32, width: 32),
///     Node(.convolution, kernel: 3, stride: 1, inputChannels: 3, outputChannels: 8, height: 32, width: 32),
///     Node(.output),
///   ],
///   edges: [Edge(0, 1), Edge(1, 2)],
///   properties: ["pruned_units": 0])
/// ```
public struct NetworkGraph: Hashable, Sendable {
  public let id: String
  public let nodes: [Node]
  public let edges: [Edge]
  public let properties: [String: Double]

  /// - Throws: `InputError` that names the invalid node or edge and its value.
  public init(
    id: String, nodes: [Node], edges: [Edge], properties: [String: Double] = [:],
    registry: OperationRegistry = .standard
  ) throws {
    do {
      try self.init(checkingID: id, nodes: nodes, edges: edges, properties: properties, registry: registry)
    } catch {
      throw error.inputError
    }
  }

  /// Throws errors from which a reader can find the place in its file. Without a registry any operation is allowed.
  package init(
    checkingID id: String, nodes: [Node], edges: [Edge], properties: [String: Double], registry: OperationRegistry?
  ) throws(GraphProblem) {
    try GraphProblem.requireValid(nodes: nodes, edges: edges, registry: registry)
    self.init(uncheckedID: id, nodes: nodes, edges: edges, properties: properties)
  }

  /// Makes a graph without checks, for graphs that are valid by construction.
  init(uncheckedID id: String, nodes: [Node], edges: [Edge], properties: [String: Double]) {
    self.id = id
    self.nodes = nodes
    self.edges = edges
    self.properties = properties
  }

  /// The same network with another id or other properties.
  public func with(id: String? = nil, properties: [String: Double]? = nil) -> NetworkGraph {
    NetworkGraph(
      uncheckedID: id ?? self.id, nodes: nodes, edges: edges, properties: properties ?? self.properties)
  }
}

extension NetworkGraph {
  /// The height times the width of each node's largest input; nil where no predecessor has both.
  var inputPositions: [Double?] {
    var positions = [Double?](repeating: nil, count: nodes.count)
    for edge in edges {
      guard let size = nodes[edge.source].outputPositions else { continue }
      positions[edge.target] = max(positions[edge.target] ?? 0, size)
    }
    return positions
  }

  /// The floating-point operations of each node by the formulas of `OperationCost`; nil where the operation isn't in
  /// the registry or an attribute that its formula needs is missing.
  public func floatingPointOperations(registry: OperationRegistry = .standard) -> [Double?] {
    zip(nodes, inputPositions).map { node, positions in
      registry[node.operation].flatMap { $0.cost.floatingPointOperations(of: node, inputPositions: positions) }
    }
  }

  /// The floating-point operations of the whole network, as far as they are known.
  public func totalFloatingPointOperations(registry: OperationRegistry = .standard) -> Double {
    floatingPointOperations(registry: registry).reduce(0) { $0 + ($1 ?? 0) }
  }
}

/// The form of a line of `architectures.jsonl`, with the properties beside `id`, `nodes` and `edges`.
extension NetworkGraph: Codable {
  private struct Key: CodingKey, Hashable {
    var stringValue: String
    var intValue: Int? { nil }
    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }

    static let id = Key("id")
    static let nodes = Key("nodes")
    static let edges = Key("edges")
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    var properties: [String: Double] = [:]
    for key in container.allKeys where ![Key.id, Key.nodes, Key.edges].contains(key) {
      properties[key.stringValue] = try container.decode(Double.self, forKey: key)
    }
    do {
      try self.init(
        checkingID: container.decode(String.self, forKey: .id),
        nodes: container.decode([Node].self, forKey: .nodes), edges: container.decode([Edge].self, forKey: .edges),
        properties: properties, registry: nil)
    } catch let problem as GraphProblem {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(codingPath: decoder.codingPath, debugDescription: problem.inputError.cause))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(id, forKey: .id)
    for (name, value) in properties { try container.encode(value, forKey: Key(name)) }
    try container.encode(nodes, forKey: .nodes)
    try container.encode(edges, forKey: .edges)
  }
}

extension Edge: Codable {
  public init(from decoder: any Decoder) throws {
    var container = try decoder.unkeyedContainer()
    self.init(try container.decode(Int.self), try container.decode(Int.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.unkeyedContainer()
    try container.encode(source)
    try container.encode(target)
  }
}
