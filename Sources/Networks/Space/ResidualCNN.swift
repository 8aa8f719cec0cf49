import Core

/// Residual CNNs for small images, after ResNet's basic block (He et al., 2016): a stem, then stages of blocks with
/// two 3 x 3 convolutions. The first block of every stage but the first halves the resolution, with a 1 x 1
/// convolution as shortcut. Such a block can be narrowed inside; every other block can also be dropped.
///
/// The inner widths of a block are multiples of an eighth of the stage's width (at least 8), starting from a quarter.
/// The graphs of the networks are those of the shipped data set `pruned-resnet`.
public struct ResidualCNN: NetworkSpace {
  public static let name = "residual"

  /// The channels of each stage.
  public var widths: [Int]
  public var blocksPerStage: Int
  public var imageSize: Int
  public var classes: Int

  public init(widths: [Int] = [32, 64, 128, 256], blocksPerStage: Int = 3, imageSize: Int = 32, classes: Int = 10) {
    self.widths = widths
    self.blocksPerStage = blocksPerStage
    self.imageSize = imageSize
    self.classes = classes
  }

  /// The same space with a first stage of width `width`; each further stage is twice as wide as the one before.
  public init(width: Int, stages: Int = 4, blocksPerStage: Int = 3, imageSize: Int = 32, classes: Int = 10) {
    self.init(
      widths: (0..<max(min(stages, 16), 0)).map { width &<< $0 }, blocksPerStage: blocksPerStage, imageSize: imageSize,
      classes: classes)
  }

  public func validate() throws {
    try SpaceSettings.check(Self.name, widths: widths, imageSize: imageSize, classes: classes)
    guard (1...64).contains(blocksPerStage) else {
      throw InputError("a stage of the space \(Self.name) can't have \(blocksPerStage) blocks", remedy: "Use 1 to 64.")
    }
  }

  public var stages: [[NetworkUnit]] {
    widths.enumerated().map { stage, width in
      (0..<max(blocksPerStage, 0)).map { block in
        let name = "stages.\(stage).\(block)"
        return NetworkUnit(
          name: name, widths: SpaceSettings.innerWidths(width), canBeDropped: !hasShortcut(stage, block),
          channels: [NetworkUnit.ChannelAxis("\(name).conv1.weight", axis: 0)]
            + SpaceSettings.normalization("\(name).bn1")
            + [NetworkUnit.ChannelAxis("\(name).conv2.weight", axis: 1)])
      }
    }
  }

  public func build(_ point: Point, into network: inout NetworkBuilder) {
    var map = network.convolution(
      "stem.conv", normalization: "stem.bn", of: NetworkBuilder.image, outputs: widths.first ?? 1, kernel: 3,
      isActivated: true)
    for (stage, choices) in point.stages.enumerated() {
      for (block, choice) in choices.enumerated() where !choice.isDropped {
        let name = "stages.\(stage).\(block)"
        let width = widths[stage]
        let isFirst = hasShortcut(stage, block)
        let stride = isFirst && stage > 0 ? 2 : 1
        let inner = network.convolution(
          "\(name).conv1", normalization: "\(name).bn1", of: map, outputs: choice.width, kernel: 3, stride: stride,
          isActivated: true)
        let shortcut =
          isFirst
          ? network.convolution(
            "\(name).shortcut.conv", normalization: "\(name).shortcut.bn", of: map, outputs: width, kernel: 1,
            stride: stride, isActivated: false)
          : map
        map = network.convolution(
          "\(name).conv2", normalization: "\(name).bn2", of: inner, outputs: width, kernel: 3, adding: shortcut,
          isActivated: true)
      }
    }
    network.head("linear")
  }

  private func hasShortcut(_ stage: Int, _ block: Int) -> Bool { stage > 0 && block == 0 }
}
