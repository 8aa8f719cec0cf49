import Core

/// The file's description of its graph, before operators are interpreted.
extension ONNXFile {
  /// The nodes with fused ones expanded, without those on which no output depends.
  func neededSteps() -> [NodeProto] {
    let steps = graph.node.flatMap(FusedOperators.expand)
    var maker: [String: Int] = [:]
    for (index, step) in steps.enumerated() {
      for name in step.output where !name.isEmpty { maker[name] = index }
    }
    var isNeeded = [Bool](repeating: false, count: steps.count)
    var open = graph.output.map(\.name)
    while let name = open.popLast() {
      guard let index = maker[name], !isNeeded[index] else { continue }
      isNeeded[index] = true
      open += steps[index].input
    }
    return steps.indices.filter { isNeeded[$0] }.map { steps[$0] }
  }

  /// The weights by name. Only the shape of large weights is read, so that their data may be missing.
  func weights() throws -> [String: ONNXValue] {
    var values: [String: ONNXValue] = [:]
    func add(_ name: String, _ dimensions: [Int64], _ constant: ConstantArray?) throws {
      let shape = dimensions.map(ONNXLimit.clamp)
      guard ONNXLimit.elementCount(shape) != nil else {
        throw failure("the weights \"\(name)\" have the shape \(dimensions)")
      }
      values[name] = ONNXValue(shape: shape, origin: .constant(constant))
    }
    for tensor in graph.initializer { try add(tensor.name, tensor.dims, ConstantArray(tensor)) }
    for tensor in graph.sparseInitializer { try add(tensor.values?.name ?? "", tensor.dims, nil) }
    return values
  }

  /// The inputs among `names` and their shapes, in the file's order.
  /// - Parameter shapes: Shapes by name, instead of those in the file.
  func inputs(neededBy names: Set<String>, shapes: [String: [Int]]) throws -> [(name: String, shape: [Int])] {
    // Older files list the weights among the inputs.
    let weights = Set(graph.initializer.map(\.name))
    let inputs = graph.input.filter { !weights.contains($0.name) }
    if let unknown = shapes.keys.sorted().first(where: { name in !inputs.contains { $0.name == name } }) {
      throw failure(
        "the model has no input \"\(unknown)\"",
        remedy: InputError.remedy(unknown: unknown, among: inputs.map(\.name), called: "inputs"))
    }
    return try inputs.filter { names.contains($0.name) }.map { input in
      let shape = try shapes[input.name] ?? shape(of: input)
      guard let count = ONNXLimit.elementCount(shape), count > 0 else {
        throw failure("the input \"\(input.name)\" has the shape \(shape)")
      }
      return (input.name, shape)
    }
  }

  private func shape(of input: ValueInfoProto) throws -> [Int] {
    let remedy =
      "Export the model with fixed sizes, or give them by inputShapes: [\"\(input.name)\": [1, 3, 224, 224]]."
    guard let dimensions = input.type?.tensorType?.shape?.dim else {
      throw failure(
        "the file has no shape for the input \"\(input.name)\"",
        remedy: input.type?.tensorType != nil ? remedy : "Inputs must be tensors.")
    }
    return try dimensions.enumerated().map { axis, dimension in
      if dimension.dimValue > 0 { return ONNXLimit.clamp(dimension.dimValue) }
      guard axis == 0, dimensions.count > 1 else {
        let name = dimension.dimParam.isEmpty ? "" : ", \"\(dimension.dimParam)\","
        throw failure("axis \(axis)\(name) of the input \"\(input.name)\" has no fixed size", remedy: remedy)
      }
      return 1
    }
  }

  /// The shapes of intermediate values and outputs by name. An extent is nil if the file only names it.
  func declaredShapes() -> [String: [Int?]] {
    var shapes: [String: [Int?]] = [:]
    for value in graph.valueInfo + graph.output {
      guard let dimensions = value.type?.tensorType?.shape?.dim else { continue }
      shapes[value.name] = dimensions.map { dimension in
        dimension.dimValue > 0 ? ONNXLimit.clamp(dimension.dimValue) : nil
      }
    }
    return shapes
  }
}
