import Core

extension OperatorCall {
  /// The channel axis of the output.
  func channelAxis(cost: OperationCost, output: [Int]) throws -> Int {
    let largest = inputs.compactMap { $0 }.filter { $0.node != nil && $0.shape?.count == output.count }
      .max { Self.elementCount($0) < Self.elementCount($1) }
    switch type {
    case "Flatten", "Reshape", "Squeeze", "Unsqueeze":
      return 1
    case "Transpose":
      return try ShapeRules.permutation(self).firstIndex(of: input(0)?.channelAxis ?? 1) ?? 1
    default:
      switch cost {
      case .linear: return max(output.count - 1, 1)
      case .convolution, .transposedConvolution, .window: return 1
      default: return largest?.channelAxis ?? 1
      }
    }
  }

  /// The node's attributes, as far as its cost and its operator define them.
  /// - Parameters:
  ///   - size: The size of the output.
  ///   - batch: The number of samples in the first axis of a tensor.
  func describe(as operation: NetworkOperation, cost: OperationCost, size: FeatureMapSize, batch: Int) throws -> Node {
    let inputSizes = inputs.compactMap { value -> FeatureMapSize? in
      guard let value, value.node != nil, let shape = value.shape else { return nil }
      return FeatureMapSize(shape, channelAxis: value.channelAxis, batch: batch)
    }
    let largest = inputSizes.max { $0.elements < $1.elements }
    var node = Node(
      operation, inputChannels: largest?.channels, outputChannels: size.channels, height: size.height, width: size.width
    )
    switch cost {
    case .convolution, .transposedConvolution:
      let weights = try shape(1, rank: 3)
      node[.inputChannels] = try shape(0, rank: 3)[1]
      let groups = integer("group") ?? 1
      if groups != 1 { node[.groups] = groups }
      try Window(self, rank: weights.count - 2, weights: weights).describe(&node)
    case .window:
      try Window(self, rank: shape(0, rank: 3).count - 2).describe(&node)
    case .linear:
      let left = try shape(0, rank: 1)
      node[.inputChannels] = integer("transA") == 1 ? left[0] : left[left.count - 1]
    case .free, .reduction, .elementwise, .composite:
      // A concatenation along the channels has all input channels.
      if type == "Concat", inputSizes.reduce(0, { $0 + $1.channels }) == size.channels {
        node[.inputChannels] = size.channels
      }
    }
    return node
  }

  private static func elementCount(_ value: ONNXValue) -> Int {
    value.shape.flatMap(ONNXLimit.elementCount) ?? 0
  }
}

extension Window {
  fileprivate func describe(_ node: inout Node) throws {
    node[.kernel] = kernel[0]
    node[.stride] = strides[0]
    let width = kernel.count > 1 ? kernel[1] : 1
    if width != kernel[0] { node[.kernelWidth] = width }
  }
}
