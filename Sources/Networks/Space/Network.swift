/// A convolutional network for images: convolutions with batch norm, each perhaps with a sum and a ReLU behind it, then
/// the mean over all positions and a linear layer.
///
/// Feature maps have numbers: 0 is the image, `k + 1` the result of `convolutions[k]`.
public struct Network: Codable, Hashable, Sendable {
  /// A convolution without bias, a batch norm, and what follows.
  public struct Convolution: Codable, Hashable, Sendable {
    /// The name of the convolution's weights, without `.weight`.
    public var name: String
    /// The name of the batch norm's weights.
    public var normalization: String
    /// The number of the feature map that it reads.
    public var input: Int
    /// The number of the feature map that is added to the normalised result.
    public var residual: Int?
    /// Whether a ReLU comes last.
    public var isActivated: Bool
    /// Channels.
    public var inputs: Int
    /// Channels.
    public var outputs: Int
    public var kernel: Int
    public var stride: Int
    /// 1, or as many as there are channels (depthwise).
    public var groups: Int
    /// Height and width that it reads, in positions.
    public var inputSize: Int

    /// Height and width of the result, in positions: zeros are added around the input, half a kernel wide.
    public var outputSize: Int { (inputSize - 1) / stride + 1 }
    /// As PyTorch has it: output channels, input channels of a group, height, width.
    public var weightShape: [Int] { [outputs, inputs / groups, kernel, kernel] }
  }

  /// Red, green and blue.
  public static let imageChannels = 3

  /// Height and width, in pixels.
  public let imageSize: Int
  public let classes: Int
  public let convolutions: [Convolution]
  /// The name of the last layer's weights.
  public let linear: String

  /// Channels of what the linear layer reads.
  public var features: Int { convolutions.last?.outputs ?? Self.imageChannels }

  /// Channels and size of a feature map.
  func shape(of map: Int) -> (channels: Int, size: Int) {
    map == 0
      ? (Self.imageChannels, imageSize)
      : (convolutions[map - 1].outputs, convolutions[map - 1].outputSize)
  }
}

/// Puts a network together, layer by layer; see `ResidualCNN` for an example.
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

  /// Channels of a feature map.
  public func channels(_ map: Int) -> Int {
    map == 0 ? Network.imageChannels : convolutions[map - 1].outputs
  }

  /// Adds a convolution with batch norm and gives the number of the resulting feature map.
  ///
  /// - Parameters:
  ///   - residual: The feature map that is added before the ReLU.
  ///   - isDepthwise: Whether every channel has a kernel of its own; there are as many outputs as inputs then.
  public mutating func convolution(
    _ name: String, normalization: String, of input: Int, outputs: Int, kernel: Int, stride: Int = 1,
    isDepthwise: Bool = false, adding residual: Int? = nil, isActivated: Bool
  ) -> Int {
    let inputs = channels(input)
    convolutions.append(
      Network.Convolution(
        name: name, normalization: normalization, input: input, residual: residual, isActivated: isActivated,
        inputs: inputs, outputs: isDepthwise ? inputs : outputs, kernel: kernel, stride: stride,
        groups: isDepthwise ? inputs : 1, inputSize: input == 0 ? imageSize : convolutions[input - 1].outputSize))
    return convolutions.count
  }

  /// Names the linear layer, which reads the last feature map.
  public mutating func head(_ name: String) {
    linear = name
  }

  var network: Network {
    Network(imageSize: imageSize, classes: classes, convolutions: convolutions, linear: linear)
  }
}
