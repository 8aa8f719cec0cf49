import Core

/// CNNs for small images with MobileNetV2's blocks (Sandler et al., 2018): a 1 x 1 convolution that expands the
/// channels, a depthwise one of 3 x 3 or 5 x 5, a 1 x 1 convolution back, and a skip connection if the shape stays
/// the same.
///
/// A block's expansion is 2, 3, 4 or 6 times its input channels. Blocks with a skip connection can be dropped.
public struct MobileNet: NetworkSpace {
  public static let name = "mobilenet"

  /// The channels of each stage. The stem has as many as the first stage.
  public var widths: [Int]
  public var blocksPerStage: Int
  /// The number of channels of the last 1 x 1 convolution.
  public var features: Int
  public var imageSize: Int
  public var classes: Int

  public static let expansions = [2, 3, 4, 6]

  public init(
    widths: [Int] = [16, 24, 48, 96], blocksPerStage: Int = 3, features: Int = 256, imageSize: Int = 32,
    classes: Int = 10
  ) {
    self.widths = widths
    self.blocksPerStage = blocksPerStage
    self.features = features
    self.imageSize = imageSize
    self.classes = classes
  }

  public func validate() throws {
    try SpaceSettings.check(Self.name, widths: widths, imageSize: imageSize, classes: classes)
    guard (8...4096).contains(features), features % 8 == 0 else {
      throw InputError(
        "the last layer of the space \(Self.name) can't have \(features) channels",
        remedy: "Use a multiple of 8, at most 4096.")
    }
    guard (1...64).contains(blocksPerStage) else {
      throw InputError("a stage of the space \(Self.name) can't have \(blocksPerStage) blocks", remedy: "Use 1 to 64.")
    }
  }

  public var stages: [[NetworkUnit]] {
    widths.indices.map { stage in
      (0..<max(blocksPerStage, 0)).map { block in
        let name = "stages.\(stage).\(block)"
        let inputs = inputs(stage, block)
        typealias Axis = NetworkUnit.ChannelAxis
        return NetworkUnit(
          name: name, widths: Self.expansions.map { $0 &* inputs }, kernels: [3, 5],
          canBeDropped: hasSkip(stage, block),
          channels: [Axis("\(name).expand.conv.weight", axis: 0)] + SpaceSettings.normalization("\(name).expand.bn")
            + [Axis("\(name).depthwise.conv.weight", axis: 0)]
            + SpaceSettings.normalization("\(name).depthwise.bn") + [Axis("\(name).project.conv.weight", axis: 1)])
      }
    }
  }

  public func build(_ point: Point, into network: inout NetworkBuilder) {
    func layer(
      _ name: String, of map: Int, outputs: Int, kernel: Int, stride: Int = 1, isDepthwise: Bool = false,
      adding residual: Int? = nil, isActivated: Bool = true
    ) -> Int {
      network.convolution(
        "\(name).conv", normalization: "\(name).bn", of: map, outputs: outputs, kernel: kernel, stride: stride,
        isDepthwise: isDepthwise, adding: residual, isActivated: isActivated)
    }
    var map = layer("stem", of: NetworkBuilder.image, outputs: widths.first ?? 1, kernel: 3)
    for (stage, choices) in point.stages.enumerated() {
      for (block, choice) in choices.enumerated() where !choice.isDropped {
        let name = "stages.\(stage).\(block)"
        let expanded = layer("\(name).expand", of: map, outputs: choice.width, kernel: 1)
        let filtered = layer(
          "\(name).depthwise", of: expanded, outputs: choice.width, kernel: choice.kernel ?? 3,
          stride: stage > 0 && block == 0 ? 2 : 1, isDepthwise: true)
        map = layer(
          "\(name).project", of: filtered, outputs: widths[stage], kernel: 1,
          adding: hasSkip(stage, block) ? map : nil, isActivated: false)
      }
    }
    _ = layer("last", of: map, outputs: features, kernel: 1)
    network.head("linear")
  }

  private func inputs(_ stage: Int, _ block: Int) -> Int {
    block > 0 ? widths[stage] : widths[max(stage - 1, 0)]
  }

  private func hasSkip(_ stage: Int, _ block: Int) -> Bool { stage == 0 || block > 0 }
}
