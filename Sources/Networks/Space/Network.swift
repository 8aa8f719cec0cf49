import Core

/// A convolutional network for images: convolutions with batch norm, each with an optional addition, ReLU and pooling,
/// then global average pooling and a linear layer.
///
/// Feature maps are numbered: 0 is the image, `k + 1` the result of `convolutions[k]`.
public struct Network: Codable, Hashable, Sendable {
  /// Pooling in windows that lie beside each other. What remains at the right and at the bottom isn't pooled.
  public struct Pooling: Codable, Hashable, Sendable {
    public enum Kind: String, Codable, Hashable, Sendable {
      case max, average
    }

    public var kind: Kind
    /// The height and width of a window, in positions.
    public var window: Int

    public static func max(_ window: Int) -> Pooling { Pooling(kind: .max, window: window) }
    public static func average(_ window: Int) -> Pooling { Pooling(kind: .average, window: window) }
  }

  /// A convolution without bias, a batch norm, an optional addition, an optional ReLU and an optional pooling.
  public struct Convolution: Codable, Hashable, Sendable {
    /// The name of the convolution's weights, without `.weight`.
    public var name: String
    /// The name of the batch norm's weights.
    public var normalization: String
    /// The number of its input feature map.
    public var input: Int
    /// The number of the feature map that is added to the normalised result; nil for none.
    public var residual: Int?
    /// Whether a ReLU comes last.
    public var isActivated: Bool
    /// The number of input channels.
    public var inputs: Int
    /// The number of output channels.
    public var outputs: Int
    public var kernel: Int
    public var stride: Int
    /// The number of groups: each output reads the inputs of its group. It divides the numbers of inputs and outputs;
    /// the number of channels is a depthwise convolution.
    public var groups: Int
    /// The height and width of the input, in positions.
    public var inputSize: Int
    /// The pooling after the ReLU; nil for none.
    public var pooling: Pooling?

    /// The height and width before the pooling, in positions. The input is padded with zeros by half a kernel.
    public var convolvedSize: Int { (inputSize - 1) / max(stride, 1) + 1 }
    /// The height and width of the result, in positions.
    public var outputSize: Int { pooling.map { convolvedSize / max($0.window, 1) } ?? convolvedSize }
    /// The shape of the weights as in PyTorch: output channels, input channels of a group, height, width.
    public var weightShape: [Int] { [outputs, inputs / groups, kernel, kernel] }
  }

  /// The number of channels of an image: red, green and blue.
  public static let imageChannels = 3

  /// The greatest height and width of a kernel. With this and `mostChannels` no number of weights overflows.
  private static let largestKernel = 255
  /// The greatest number of channels of a feature map.
  private static let mostChannels = 65_536
  /// The possible heights and widths of images, in pixels.
  static let imageSizes = 1...4096
  /// The possible numbers of classes. A label has 16 bits.
  static let classCounts = 1...65_536

  /// The height and width of the images, in pixels.
  public let imageSize: Int
  public let classes: Int
  public let convolutions: [Convolution]
  /// The name of the last layer's weights.
  public let linear: String

  /// The number of inputs of the linear layer.
  public var features: Int { convolutions.last?.outputs ?? Self.imageChannels }

  /// - Throws: `InputError` when a layer is impossible or two have the same name, as a space outside of Labbook may
  ///   build them.
  func check(of space: String) throws {
    guard !convolutions.isEmpty else {
      throw InputError("the space \(space) builds no convolution", remedy: "Add one in the space's `build`.")
    }
    // Two layers of one name would share their weights, and training would lose the gradients of one of them.
    var names = Set<String>()
    for name in convolutions.flatMap({ [$0.name, $0.normalization] }) + [linear] where !names.insert(name).inserted {
      throw InputError(
        "two layers of the space \(space) have weights of the name \"\(name)\"",
        remedy: "Give each convolution, each batch norm and the linear layer a name of its own in the space's `build`.")
    }
    for (index, layer) in convolutions.enumerated() {
      func require(_ condition: Bool, _ cause: @autoclosure () -> String) throws {
        if condition { return }
        throw InputError(
          "the layer \"\(layer.name)\" of the space \(space) \(cause())", remedy: "Correct the space's `build`.")
      }
      try require((0...index).contains(layer.input), "reads a feature map that doesn't exist before it")
      try require(
        (1...Self.largestKernel).contains(layer.kernel) && layer.kernel % 2 == 1,
        "has a kernel of \(layer.kernel), which isn't an odd number from 1 to \(Self.largestKernel)")
      try require((1...16).contains(layer.stride), "has a stride of \(layer.stride)")
      try require((1...Self.mostChannels).contains(layer.outputs), "has \(layer.outputs) outputs")
      try require(layer.groups == 1 || layer.input > 0, "reads the image in groups")
      try require(
        layer.groups > 0 && layer.inputs % layer.groups == 0 && layer.outputs % layer.groups == 0,
        "has \(layer.groups) groups, which don't divide its \(layer.inputs) inputs and \(layer.outputs) outputs")
      if let window = layer.pooling?.window {
        let size = layer.convolvedSize
        try require(window > 1 && window <= size, "pools windows of \(window) in \(size) x \(size) positions")
      }
      guard let residual = layer.residual else { continue }
      try require(residual >= 1 && residual <= index, "adds a feature map that doesn't exist before it")
      let (added, own) = (shape(of: residual), (channels: layer.outputs, size: layer.convolvedSize))
      try require(
        added == own,
        "adds \(added.channels) channels of \(added.size) x \(added.size) to \(own.channels) of "
          + "\(own.size) x \(own.size)")
    }
    // The graph lacks such a layer, and its gradients wouldn't be reset from step to step.
    let read = Set(convolutions.flatMap { [$0.input, $0.residual ?? 0] })
    if let unread = convolutions.indices.dropLast().first(where: { !read.contains($0 + 1) }) {
      throw InputError(
        "no layer of the space \(space) reads the result of the layer \"\(convolutions[unread].name)\"",
        remedy: "Leave it out in the space's `build`, or read it: the linear layer reads the last result.")
    }
  }

  /// The number of channels and the size of a feature map.
  func shape(of map: Int) -> (channels: Int, size: Int) {
    map == 0
      ? (Self.imageChannels, imageSize)
      : (convolutions[map - 1].outputs, convolutions[map - 1].outputSize)
  }
}

/// Builds a network layer by layer; see `ResidualCNN` for an example.
public struct NetworkBuilder {
  private let imageSize: Int
  private let classes: Int
  private var convolutions: [Network.Convolution] = []
  private var linear = "linear"

  init(imageSize: Int, classes: Int) {
    self.imageSize = imageSize
    self.classes = classes
  }

  /// The number of the image as a feature map.
  public static let image = 0

  /// The number of channels of a feature map.
  public func channels(_ map: Int) -> Int {
    convolutions.indices.contains(map &- 1) ? convolutions[map - 1].outputs : Network.imageChannels
  }

  /// Adds a convolution with batch norm, and returns the number of the resulting feature map.
  ///
  /// - Parameters:
  ///   - residual: The feature map that is added before the ReLU.
  ///   - pooling: The pooling after the ReLU.
  ///   - groups: The number of groups of channels, each of which reads its own inputs only. If a unit's choices change
  ///     the number of channels, groups of constant width keep the meaning of the shared weights.
  ///   - isDepthwise: Whether every channel has a kernel of its own. Then the numbers of outputs and inputs are equal.
  public mutating func convolution(
    _ name: String, normalization: String, of input: Int, outputs: Int, kernel: Int, stride: Int = 1,
    groups: Int = 1, isDepthwise: Bool = false, adding residual: Int? = nil, isActivated: Bool,
    pooling: Network.Pooling? = nil
  ) -> Int {
    let inputs = channels(input)
    convolutions.append(
      Network.Convolution(
        name: name, normalization: normalization, input: input, residual: residual, isActivated: isActivated,
        inputs: inputs, outputs: isDepthwise ? inputs : outputs, kernel: kernel, stride: stride,
        groups: isDepthwise ? inputs : groups,
        inputSize: convolutions.indices.contains(input &- 1) ? convolutions[input - 1].outputSize : imageSize,
        pooling: pooling))
    return convolutions.count
  }

  /// Adds the linear layer, which reads the last feature map, under this name.
  public mutating func head(_ name: String) {
    linear = name
  }

  var network: Network {
    Network(imageSize: imageSize, classes: classes, convolutions: convolutions, linear: linear)
  }
}
