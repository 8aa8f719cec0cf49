import Core

/// Follows the data through an ONNX graph node by node, and builds the network's graph.
struct ONNXGraphReader {
  private let file: ONNXFile
  private let registry: OperationRegistry
  private var values: [String: ONNXValue] = [:]
  /// The shapes that the file gives for intermediate values. An extent is nil if the file only names it.
  private var declared: [String: [Int?]] = [:]
  private var batch = 1

  private var nodes: [Node] = []
  private var edges: [Edge] = []
  /// The title of each node in errors.
  private var titles: [String] = []

  /// - Parameter inputShapes: Shapes by the name of an input, instead of those in the file.
  static func read(
    _ file: ONNXFile, id: String, properties: [String: Double], inputShapes: [String: [Int]],
    registry: OperationRegistry
  ) throws -> NetworkGraph {
    var reader = try ONNXGraphReader(file, registry: registry)
    let steps = file.neededSteps()
    try reader.readInputs(inputShapes, of: steps)
    // Shapes in the file belong to its own input sizes.
    if inputShapes.isEmpty { reader.declared = file.declaredShapes() }
    for step in steps { try reader.follow(step) }
    try reader.readOutputs()
    return try reader.graph(id: id, properties: properties)
  }

  private init(_ file: ONNXFile, registry: OperationRegistry) throws {
    self.file = file
    self.registry = registry
    values = try file.weights()
  }

  private mutating func readInputs(_ shapes: [String: [Int]], of steps: [NodeProto]) throws {
    let used = Set(steps.flatMap(\.input) + file.graph.output.map(\.name))
    for (name, shape) in try file.inputs(neededBy: used, shapes: shapes) {
      if nodes.isEmpty, shape.count > 1 { batch = shape[0] }
      let size = FeatureMapSize(shape, channelAxis: 1, batch: batch)
      values[name] = ONNXValue(shape: shape, origin: .node(nodes.count))
      append(Node(.input, size), title: "input \"\(name)\"", after: [])
    }
    guard !nodes.isEmpty else { throw file.failure("no output of the model depends on an input") }
  }

  // MARK: Following the data

  private mutating func follow(_ step: NodeProto) throws {
    let inputs = try step.input.map { name in name.isEmpty ? nil : try value(name, neededBy: step) }
    let call = OperatorCall(
      node: step, inputs: inputs, operatorSetVersion: file.operatorSetVersion, place: file.place)
    try refuseWhatIsNoOperator(call)
    if ["Shape", "Size"].contains(call.type) || inputs.allSatisfy({ $0?.node == nil }) {
      keepConstants(of: call)
    } else if call.type == "Split" {
      try keepParts(of: call)
    } else {
      try keepNode(of: call)
    }
  }

  private func value(_ name: String, neededBy step: NodeProto) throws -> ONNXValue {
    guard let value = values[name] else {
      throw file.failure(
        "\(step.title): no earlier node computes its input \"\(name)\"",
        remedy: "An ONNX file must list its nodes in topological order; run onnx.checker for details.")
    }
    return value
  }

  private func refuseWhatIsNoOperator(_ call: OperatorCall) throws {
    if ["If", "Loop", "Scan", "SequenceMap"].contains(call.type) {
      throw call.failure(
        "control flow has no graph of fixed nodes",
        remedy: "Export the model for one input size without branches and loops that depend on data.")
    }
    if file.functions.contains("\(call.node.domain).\(call.node.opType)") {
      throw call.failure(
        "the operator is a function that the file defines itself",
        remedy: "Write it out with onnx.inliner.inline_local_functions.")
    }
  }

  /// Stores values that are known without an input. A missing shape is reported only if a node needs it.
  private mutating func keepConstants(of call: OperatorCall) {
    let rule = ShapeRules.table[call.type] ?? ShapeRules.broadcast
    for (index, name) in call.node.output.enumerated() where !name.isEmpty {
      var shape: [Int]?
      if call.type == "Split" {
        shape = try? splitShape(call, index)
      } else if index == 0 {
        shape = try? rule(call)
      }
      shape = shape.flatMap { ONNXLimit.elementCount($0) == nil ? nil : $0 }
      let constant = index == 0 ? shape.flatMap { try? ConstantFolding.fold(call, shape: $0) } : nil
      values[name] = ONNXValue(shape: shape, origin: .constant(constant), maker: call.node.title)
    }
  }

  private func splitShape(_ call: OperatorCall, _ index: Int) throws -> [Int] {
    let (axis, extents) = try ShapeRules.split(call, outputs: call.node.output.count)
    var shape = try call.shape(0)
    shape[axis] = extents[index]
    return shape
  }

  /// Adds a slice for each output of a split that is used.
  private mutating func keepParts(of call: OperatorCall) throws {
    for (index, name) in call.node.output.enumerated() where !name.isEmpty {
      try append(call, output: name, shape: checked(splitShape(call, index), of: name, call))
    }
  }

  private mutating func keepNode(of call: OperatorCall) throws {
    let definition = try registry.definition(of: call)
    guard let output = call.node.output.first, !output.isEmpty else {
      throw call.failure("only its further outputs are used, which can't be imported")
    }
    let shape = try shape(of: output, call, definition)
    if let bypassed = try bypassing(call, shape: shape) {
      values[output] = bypassed
    } else {
      try append(call, output: output, shape: shape)
    }
    for further in call.node.output.dropFirst() where !further.isEmpty {
      var value = values[output]
      // A MaxPool's indices and a Dropout's mask have the output's shape. The shape of other operators' further
      // outputs is unknown.
      if !["MaxPool", "Dropout"].contains(call.type) { value?.shape = wholeShape(further) }
      values[further] = value
    }
  }

  /// The value after an operator that works only in training or keeps each sample's sizes.
  private func bypassing(_ call: OperatorCall, shape: [Int]) throws -> ONNXValue? {
    guard var value = call.input(0) else { return nil }
    switch call.type {
    case "Identity", "Dropout":
      return value
    case "Flatten", "Reshape", "Squeeze", "Unsqueeze":
      let before = FeatureMapSize(try call.shape(0), channelAxis: value.channelAxis, batch: batch)
      guard before == FeatureMapSize(shape, channelAxis: 1, batch: batch) else { return nil }
      value.shape = shape
      value.channelAxis = 1
      return value
    default:
      return nil
    }
  }

  /// The shape of the output in the file, or else by the operator's inputs.
  private func shape(of output: String, _ call: OperatorCall, _ definition: OperationDefinition) throws -> [Int] {
    try checked(wholeShape(output) ?? inferredShape(of: output, call, definition), of: output, call)
  }

  private func checked(_ shape: [Int], of output: String, _ call: OperatorCall) throws -> [Int] {
    guard ONNXLimit.elementCount(shape) != nil else {
      throw call.failure("its output \"\(output)\" would have the shape \(shape)")
    }
    return shape
  }

  private func wholeShape(_ name: String) -> [Int]? {
    guard let declared = declared[name], !declared.contains(nil) else { return nil }
    let shape = declared.compactMap(\.self)
    return ONNXLimit.elementCount(shape) == nil ? nil : shape
  }

  private func inferredShape(
    of output: String, _ call: OperatorCall, _ definition: OperationDefinition
  ) throws -> [Int] {
    let rule = ShapeRules.table[call.type] ?? (definition.cost == .elementwise ? ShapeRules.elementwise : nil)
    do {
      guard let rule else {
        throw call.failure("the shape of its output \"\(output)\" is unknown", remedy: OperatorCall.shapeRemedy)
      }
      return try rule(call)
    } catch {
      // If the file has all extents but that of the first axis, that axis is the batch.
      guard let declared = declared[output], declared.count > 1, !declared.dropFirst().contains(nil) else {
        throw error
      }
      return [batch] + declared.dropFirst().compactMap(\.self)
    }
  }

  // MARK: The network's graph

  private mutating func append(_ call: OperatorCall, output: String, shape: [Int]) throws {
    let definition = try registry.definition(of: call)
    let axis = try call.channelAxis(cost: definition.cost, output: shape)
    let size = FeatureMapSize(shape, channelAxis: axis, batch: batch)
    values[output] = ONNXValue(shape: shape, origin: .node(nodes.count), channelAxis: axis)
    append(
      try call.describe(as: definition.operation, cost: definition.cost, size: size, batch: batch),
      title: call.node.title, after: call.inputs)
  }

  private mutating func append(_ node: Node, title: String, after inputs: [ONNXValue?]) {
    var sources: [Int] = []
    for source in inputs.compactMap({ $0?.node }) where !sources.contains(source) { sources.append(source) }
    edges += sources.map { Edge($0, nodes.count) }
    nodes.append(node)
    titles.append(title)
  }

  private mutating func readOutputs() throws {
    for output in file.graph.output {
      guard let value = values[output.name] else {
        throw file.failure("no node computes the output \"\(output.name)\"", remedy: "Run onnx.checker for details.")
      }
      guard value.node != nil else { continue }
      guard let shape = value.shape else {
        throw file.failure("the shape of the output \"\(output.name)\" is unknown", remedy: OperatorCall.shapeRemedy)
      }
      let size = FeatureMapSize(shape, channelAxis: value.channelAxis, batch: batch)
      append(Node(.output, size), title: "output \"\(output.name)\"", after: [value])
    }
  }

  /// The graph without nodes of which only the shape was used.
  private func graph(id: String, properties: [String: Double]) throws -> NetworkGraph {
    var isUseful = nodes.map { $0.operation == .output }
    for edge in edges.reversed() where isUseful[edge.target] { isUseful[edge.source] = true }
    let kept = nodes.indices.filter { isUseful[$0] }
    guard !kept.isEmpty else { throw file.failure("no output of the model depends on an input") }
    let position = Dictionary(uniqueKeysWithValues: kept.enumerated().map { ($0.element, $0.offset) })
    let keptEdges = edges.compactMap { edge in
      position[edge.source].flatMap { source in position[edge.target].map { Edge(source, $0) } }
    }
    do {
      return try NetworkGraph(
        checkingID: id, nodes: kept.map { nodes[$0] }, edges: keptEdges, properties: properties, registry: registry)
    } catch {
      guard case .node(let index) = error.subject else { throw InputError(error.cause, at: file.place) }
      throw file.failure("\(titles[kept[index]]): \(error.cause)", remedy: error.remedy)
    }
  }
}

extension Node {
  /// An end of the network, through which a feature map passes unchanged.
  fileprivate init(_ operation: NetworkOperation, _ size: FeatureMapSize) {
    self.init(
      operation, inputChannels: size.channels, outputChannels: size.channels, height: size.height, width: size.width)
  }
}
