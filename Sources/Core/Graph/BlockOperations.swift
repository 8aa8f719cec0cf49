extension Node {
  /// The operations inside a search space's block; for any other node, the node itself.
  ///
  /// An FBNet block is a 1x1 convolution, a depthwise convolution and a 1x1 convolution, and an addition if input and
  /// output have the same shape. `skip` is a 1x1 convolution if they differ, else nothing. Activations are part of
  /// the convolutions.
  var blockOperations: [Node] {
    guard operation.rawValue.hasPrefix("fbnet_"), let input = self[.inputChannels], let output = self[.outputChannels],
      let height = self[.height], let width = self[.width]
    else { return [self] }
    let stride = self[.stride] ?? 1
    let isAlike = stride == 1 && input == output
    guard let settings = FBNet.Settings(operation) else {
      return isAlike
        ? []
        : [
          Node(
            .convolution, kernel: 1, stride: stride, inputChannels: input, outputChannels: output, height: height,
            width: width)
        ]
    }
    let middle = input * settings.expansion
    let convolutions = [
      Node(
        .convolution, kernel: 1, stride: 1, inputChannels: input, outputChannels: middle, height: height * stride,
        width: width * stride, groups: settings.groups),
      Node(
        .convolution, kernel: settings.kernel, stride: stride, inputChannels: middle, outputChannels: middle,
        height: height, width: width, groups: middle),
      Node(
        .convolution, kernel: 1, stride: 1, inputChannels: middle, outputChannels: output, height: height,
        width: width, groups: settings.groups),
    ]
    return isAlike ? convolutions + [Node(.add, outputChannels: output, height: height, width: width)] : convolutions
  }
}

extension NetworkOperation {
  /// The similarity of two operations, from 0 to 1. FBNet's blocks are compared by expansion, kernel and groups, and
  /// other operations by equality.
  func similarity(to other: NetworkOperation) -> Double {
    if self == other { return 1 }
    guard let left = FBNet.Settings(self), let right = FBNet.Settings(other) else { return 0 }
    let expansions = [left.expansion, right.expansion].sorted()
    let ratio: Double =
      switch (expansions[0], expansions[1]) {
      case (let low, let high) where low == high: 0
      case (1, 6): 1
      // The values are log 3 / log 6 and log 2 / log 6.
      case (1, 3): 0.6131471927654585
      default: 0.3868528072345415
      }
    return 0.4 * (1 - ratio) + (left.kernel == right.kernel ? 0.2 : 0) + (left.groups == right.groups ? 0.2 : 0)
  }
}
