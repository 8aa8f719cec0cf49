import Foundation

/// The graphs of an `architectures.jsonl` file, with their lines.
struct ArchitectureFile {
  var path: String
  var graphs: [NetworkGraph]
  /// The line of each graph, from 1.
  var lines: [Int]

  func place(of index: Int) -> Place { Place(file: path, line: lines[index]) }
}

extension NetworkGraph {
  /// Reads a file with one JSON object a line:
  ///
  /// ```json
  /// {"id":"p1","units":1,"nodes":[{"op":"input","out_channels":3,"height":32},{"op":"output"}],"edges":[[0,1]]}
  /// ```
  ///
  /// A node has an operation, `op`, and any of the attributes of `NodeAttribute`. Every other number or Boolean
  /// beside `id`, `nodes` and `edges` becomes a property. Other values and blank lines are skipped.
  /// - Throws: `InputError` at file, line and, if a single value is wrong, column.
  public static func load(_ path: String, registry: OperationRegistry = .standard) throws -> [NetworkGraph] {
    try ArchitectureFile(path, FileAccess.readContent(path), registry: registry).graphs
  }
}

extension ArchitectureFile {
  init(_ path: String, _ content: Data, registry: OperationRegistry) throws {
    self.init(path: path, graphs: [], lines: [])
    let text = SourceText(content, file: path)
    var lineOfID: [String: Int] = [:]
    var line = 0
    var start = 0
    while start < text.bytes.count {
      line += 1
      let end = text.bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? text.bytes.count
      defer { start = end + 1 }
      guard text.bytes[start..<end].contains(where: { $0 > 0x20 }) else { continue }
      var reader = GraphReader(JSONScanner(text.bytes, start..<end))
      let graph: NetworkGraph
      do {
        graph = try reader.graph(registry: registry)
      } catch {
        throw InputError(error.cause, at: text.place(at: error.offset), remedy: error.remedy)
      }
      if let first = lineOfID.updateValue(line, forKey: graph.id) {
        throw InputError.idTaken(graph.id, byLine: first).at(Place(file: path, line: line))
      }
      graphs.append(graph)
      lines.append(line)
    }
    guard !graphs.isEmpty else {
      throw InputError(
        "the file has no architectures", at: Place(file: path),
        remedy: "It needs a line {\"id\":...,\"nodes\":[...],\"edges\":[...]} for each.")
    }
  }
}

/// Reads one graph and records the places of its nodes and edges.
private struct GraphReader {
  private var scanner: JSONScanner
  private var id: String?
  private var nodes: [Node]?
  private var edges: [Edge]?
  private var properties: [String: Double] = [:]
  private var nodeOffsets: [Int] = []
  private var edgeOffsets: [Int] = []

  init(_ scanner: JSONScanner) {
    self.scanner = scanner
  }

  mutating func graph(registry: OperationRegistry) throws(JSONScanner.Failure) -> NetworkGraph {
    let start = scanner.nextOffset()
    var reader = self
    try scanner.object { (scanner, key) throws(JSONScanner.Failure) in try reader.member(key, &scanner) }
    try scanner.finish()
    guard let id = reader.id, let nodes = reader.nodes, let edges = reader.edges else {
      let missing = reader.id == nil ? "id" : reader.nodes == nil ? "nodes" : "edges"
      throw JSONScanner.Failure(
        offset: start, cause: "the architecture has no \"\(missing)\"",
        remedy: "A line reads {\"id\":...,\"nodes\":[{\"op\":...},...],\"edges\":[[0,1],...]}.")
    }
    do throws(GraphProblem) {
      return try NetworkGraph(
        checkingID: id, nodes: nodes, edges: edges, properties: reader.properties, registry: registry)
    } catch {
      let offset =
        switch error.subject {
        case .graph: start
        case .node(let index): reader.nodeOffsets[index]
        case .edge(let index): reader.edgeOffsets[index]
        }
      throw JSONScanner.Failure(offset: offset, cause: "\"\(id)\": \(error.cause)", remedy: error.remedy)
    }
  }

  private mutating func member(_ key: String, _ scanner: inout JSONScanner) throws(JSONScanner.Failure) {
    switch key {
    case "id":
      id = try identifier(&scanner)
    case "nodes":
      var nodes: [Node] = []
      try scanner.array { (scanner) throws(JSONScanner.Failure) in
        nodeOffsets.append(scanner.nextOffset())
        nodes.append(try node(&scanner))
      }
      self.nodes = nodes
    case "edges":
      var edges: [Edge] = []
      try scanner.array { (scanner) throws(JSONScanner.Failure) in
        edgeOffsets.append(scanner.nextOffset())
        edges.append(try edge(&scanner))
      }
      self.edges = edges
    default:
      properties[key] = try scanner.numberIfAny()
    }
  }

  /// A string, or a whole number that is read as one.
  private func identifier(_ scanner: inout JSONScanner) throws(JSONScanner.Failure) -> String {
    let start = scanner.nextOffset()
    let text = scanner.text(from: start)
    let id = text.first?.isNumber == true ? String(try scanner.integer()) : try scanner.string()
    guard !id.isEmpty else { throw JSONScanner.Failure(offset: start, cause: "the id is empty") }
    return id
  }

  private func node(_ scanner: inout JSONScanner) throws(JSONScanner.Failure) -> Node {
    let start = scanner.nextOffset()
    var operation: String?
    var node = Node("")
    try scanner.object { (scanner, key) throws(JSONScanner.Failure) in
      if key == "op" {
        operation = try scanner.string()
      } else if let attribute = NodeAttribute(rawValue: key) {
        node[attribute] = try scanner.integerOrNull()
      } else {
        try skip(key, &scanner)
      }
    }
    guard let operation else {
      throw JSONScanner.Failure(
        offset: start, cause: "the node has no \"op\"", remedy: "A node reads {\"op\":\"conv\",\"kernel\":3,...}.")
    }
    node.operation = NetworkOperation(rawValue: operation)
    return node
  }

  /// Unknown keys are ignored, unless one looks like a misspelled attribute.
  private func skip(_ key: String, _ scanner: inout JSONScanner) throws(JSONScanner.Failure) {
    let start = scanner.nextOffset()
    if let meant = nearestName(to: key, among: NodeAttribute.allCases.map(\.rawValue)) {
      throw JSONScanner.Failure(
        offset: start, cause: "a node has no attribute \"\(key)\"", remedy: "Did you mean \"\(meant)\"?")
    }
    try scanner.skip()
  }

  private func edge(_ scanner: inout JSONScanner) throws(JSONScanner.Failure) -> Edge {
    let start = scanner.nextOffset()
    var source = 0
    var target = 0
    var count = 0
    try scanner.array { (scanner) throws(JSONScanner.Failure) in
      (source, target) = (target, try scanner.integer())
      count += 1
    }
    guard count == 2 else {
      throw JSONScanner.Failure(
        offset: start, cause: "the edge has \(count) ends", remedy: "An edge is a pair of node indices, [from,to].")
    }
    return Edge(source, target)
  }
}
