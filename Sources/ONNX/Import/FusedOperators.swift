import Core

/// Expands fused operators, which ONNX Runtime writes into optimised models.
///
/// They are replaced by the operators that they combine, so that a network has the same graph however its file was
/// optimised.
enum FusedOperators {
  /// The nodes that `node` combines: the node itself unless it is fused.
  static func expand(_ node: NodeProto) -> [NodeProto] {
    switch node.qualifiedType {
    case "com.microsoft.FusedConv": parts(of: node, as: "Conv", addedInput: 3)
    case "com.microsoft.FusedGemm": parts(of: node, as: "Gemm", addedInput: nil)
    default: [node]
    }
  }

  /// The operator alone, followed by the addition of another feature map and the activation, if it has them.
  private static func parts(of node: NodeProto, as type: String, addedInput: Int?) -> [NodeProto] {
    let inputs = node.input
    guard let output = node.output.first else { return [node] }
    var steps: [NodeProto] = []
    func append(_ type: String, _ inputs: [String], _ attributes: [AttributeProto] = []) {
      var step = NodeProto()
      step.name = node.name
      step.opType = type
      step.input = inputs
      step.attribute = attributes
      step.output = ["\(output)\u{0}\(steps.count)"]
      steps.append(step)
    }

    append(type, Array(inputs.prefix(3)), node.attribute.filter { !$0.name.hasPrefix("activation") })
    if let addedInput, inputs.count > addedInput, !inputs[addedInput].isEmpty {
      append("Add", [steps[0].output[0], inputs[addedInput]])
    }
    if let activation = node.attribute.first(where: { $0.name == "activation" }), !activation.s.isEmpty {
      let type = String(decoding: activation.s, as: UTF8.self)
      let numbers = node.attribute.first { $0.name == "activation_params" }?.floats ?? []
      append(type, steps[steps.count - 1].output, parameters(type, numbers))
    }
    steps[steps.count - 1].output = [output]
    return steps
  }

  private static func parameters(_ activation: String, _ numbers: [Float]) -> [AttributeProto] {
    let names =
      switch activation {
      case "Clip": ["min", "max"]
      case "HardSigmoid": ["alpha", "beta"]
      default: ["alpha"]
      }
    return zip(names, numbers).map { name, number in
      var attribute = AttributeProto()
      attribute.name = name
      attribute.f = number
      return attribute
    }
  }
}
