import Foundation

/// The stored form: names once, latencies and properties as lists of numbers, everything else as bytes. Compared with
/// a JSON object for each node, it takes a sixth of the space and a tenth of the time to read.
extension Dataset: Codable {
  private enum Key: String, CodingKey {
    case name, device, measuredOn, unit, operations, ids, properties, structure, latencies
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encodeIfPresent(name, forKey: .name)
    try container.encode(device, forKey: .device)
    if measuredOn != Device(device) { try container.encode(measuredOn, forKey: .measuredOn) }
    try container.encode(unit, forKey: .unit)
    try container.encode(samples.map(\.graph.id), forKey: .ids)
    try container.encode(latencies, forKey: .latencies)
    let names = Set(samples.lazy.flatMap(\.graph.properties.keys))
    let columns = names.map { name in
      (name, samples.map { $0.graph.properties[name] ?? .nan })
    }
    try container.encode(Dictionary(uniqueKeysWithValues: columns), forKey: .properties)
    let structure = GraphStructure(samples.lazy.map(\.graph))
    try container.encode(structure.operations, forKey: .operations)
    try container.encode(structure.data, forKey: .structure)
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    func checked(_ numbers: [Double], _ key: Key, _ count: Int) throws -> [Double] {
      guard numbers.count == count else {
        throw DecodingError.dataCorruptedError(
          forKey: key, in: container, debugDescription: "\(numbers.count) numbers don't match \(count) graphs")
      }
      return numbers
    }
    let ids = try container.decode([String].self, forKey: .ids)
    let latencies = try checked(container.decode([Double].self, forKey: .latencies), .latencies, ids.count)
    let columns = try container.decode([String: [Double]].self, forKey: .properties)
      .map { (name: $0, values: try checked($1, .properties, ids.count)) }
    let structure = GraphStructure(
      operations: try container.decode([NetworkOperation].self, forKey: .operations),
      data: try container.decode(Data.self, forKey: .structure))
    do {
      let graphs = try structure.graphs(ids: ids) { index in
        var properties: [String: Double] = [:]
        for column in columns where !column.values[index].isNaN { properties[column.name] = column.values[index] }
        return properties
      }
      try self.init(
        name: container.decodeIfPresent(String.self, forKey: .name),
        measuredOn: container.decodeIfPresent(Device.self, forKey: .measuredOn)
          ?? Device(container.decode(String.self, forKey: .device)),
        unit: container.decode(String.self, forKey: .unit),
        graphs: graphs, latencies: latencies)
    } catch let error as InputError {
      throw DecodingError.dataCorruptedError(forKey: .structure, in: container, debugDescription: error.cause)
    }
  }
}

/// The nodes and edges of many graphs as one sequence of small numbers. Each graph has the number of its nodes; for
/// each node its operation, a bit for each attribute that it has and their values; then the number of edges and their
/// ends.
private struct GraphStructure {
  var operations: [NetworkOperation]
  var data: Data

  init(operations: [NetworkOperation], data: Data) {
    self.operations = operations
    self.data = data
  }

  init(_ graphs: some Sequence<NetworkGraph>) {
    var operations: [NetworkOperation] = []
    var codes: [NetworkOperation: Int] = [:]
    var writer = NaturalNumberWriter()
    for graph in graphs {
      writer.write(graph.nodes.count)
      for node in graph.nodes {
        if codes[node.operation] == nil {
          codes[node.operation] = operations.count
          operations.append(node.operation)
        }
        writer.write(codes[node.operation] ?? 0)
        let values = NodeAttribute.allCases.map { node[$0] }
        writer.write(values.enumerated().reduce(0) { $0 | ($1.element == nil ? 0 : 1 << $1.offset) })
        for value in values { value.map { writer.write($0) } }
      }
      writer.write(graph.edges.count)
      for edge in graph.edges {
        writer.write(edge.source)
        writer.write(edge.target)
      }
    }
    self.operations = operations
    data = writer.data
  }

  func graphs(ids: [String], properties: (Int) -> [String: Double]) throws -> [NetworkGraph] {
    var reader = NaturalNumberReader(data)
    func next() throws -> Int {
      guard let number = reader.read() else { throw InputError("the graphs are cut off") }
      return number
    }
    func list<Element>(_ element: () throws -> Element) throws -> [Element] {
      var list: [Element] = []
      for _ in 0..<(try next()) { list.append(try element()) }
      return list
    }
    func node() throws -> Node {
      let code = try next()
      guard operations.indices.contains(code) else { throw InputError("there is no operation \(code)") }
      var node = Node(operations[code])
      let given = try next()
      for (bit, attribute) in NodeAttribute.allCases.enumerated() where given & 1 << bit != 0 {
        node[attribute] = try next()
      }
      return node
    }
    let graphs = try ids.enumerated().map { index, id in
      let nodes = try list(node)
      let edges = try list { Edge(try next(), try next()) }
      do {
        return try NetworkGraph(
          checkingID: id, nodes: nodes, edges: edges, properties: properties(index), registry: nil)
      } catch let problem as GraphProblem {
        throw problem.inputError
      }
    }
    guard reader.isAtEnd else { throw InputError("there are more graphs than ids") }
    return graphs
  }
}
