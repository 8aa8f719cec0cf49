import Core

extension OperationRegistry {
  /// The definition of an ONNX operator.
  /// - Throws: `InputError` that names the operator and the most similar known one if it is unknown.
  func definition(of call: OperatorCall) throws -> OperationDefinition {
    if let known = try call.registeredTypes().lazy.compactMap(operation(forONNXType:)).first,
      let definition = self[known]
    {
      return definition
    }
    let cause = "the operator \(call.type) is unknown"
    if call.node.domain == "com.microsoft.nchwc" {
      throw call.failure(
        cause,
        remedy:
          "ONNX Runtime optimised this model for one kind of processor. Import the original model, or one optimised "
          + "at the level ORT_ENABLE_EXTENDED.")
    }
    let known = Set(definitions.flatMap(\.onnxTypes).filter { !$0.contains("(") })
    let nearest = nearestName(to: call.type, among: known.sorted()).map { "The most similar one is \($0). " } ?? ""
    throw call.failure(
      cause,
      remedy: nearest + "Add an operator of your own by registry: OperationRegistry.standard.adding("
        + "[OperationDefinition(\"\(call.node.opType.lowercased())\", cost: .elementwise, onnxTypes: "
        + "[\"\(call.type)\"])])."
    )
  }
}

extension OperatorCall {
  /// The names of this operator in a registry, the most specific first: with the arguments that make it another
  /// operation in parentheses, and without.
  fileprivate func registeredTypes() throws -> [String] {
    switch type {
    case "Clip":
      let bounds = [("min", 1), ("max", 2)].map { name, index in
        (number(name) ?? input(index)?.constant?.values.first).map(Self.short) ?? ""
      }
      return ["Clip(\(bounds.joined(separator: ",")))", type]
    case "ReduceMean", "ReduceMax":
      guard let value = input(0), let rank = value.shape?.count, rank > 2 else { return [type] }
      let positions = Set(1..<rank).subtracting([value.channelAxis])
      let axes = Set(try axes(ShapeRules.reducedAxes(self), rank: rank))
      return axes == positions ? ["\(type)(positions)", type] : [type]
    case "com.microsoft.QuickGelu":
      return ["\(type)(\(Self.short(number("alpha") ?? 1.702)))", type]
    default:
      return [type]
    }
  }

  private static func short(_ number: Double) -> String {
    Int(exactly: number).map(String.init) ?? "\(number)"
  }
}
