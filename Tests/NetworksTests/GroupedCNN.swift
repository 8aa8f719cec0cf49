import Core

@testable import Networks

/// A space of a test's own, with blocks as in ResNeXt (Xie and others, 2017): a 1 x 1 convolution, a 3 x 3 one in
/// groups of eight channels, and a 1 x 1 one back. Narrower blocks have fewer groups. The stem and the first stage may
/// be pooled.
struct GroupedCNN: NetworkSpace {
  static let name = "grouped"
  var imageSize: Int
  var classes = 10
  var pooling: Network.Pooling?

  init(imageSize: Int, pooling: Network.Pooling? = nil) {
    self.imageSize = imageSize
    self.pooling = pooling
  }

  func validate() throws {}

  var stages: [[NetworkUnit]] {
    [16, 32].enumerated().map { stage, width in
      let name = "stages.\(stage).0"
      typealias Axis = NetworkUnit.ChannelAxis
      return [
        NetworkUnit(
          name: name, widths: Array(stride(from: 8, through: width, by: 8)), canBeDropped: false,
          channels: [Axis("\(name).narrow.conv.weight", axis: 0), Axis("\(name).widen.conv.weight", axis: 1)])
      ]
    }
  }

  func build(_ point: Point, into network: inout NetworkBuilder) {
    func layer(
      _ name: String, of map: Int, _ outputs: Int, kernel: Int, stride: Int = 1, groups: Int = 1,
      adding residual: Int? = nil, pooling: Network.Pooling? = nil
    ) -> Int {
      network.convolution(
        "\(name).conv", normalization: "\(name).bn", of: map, outputs: outputs, kernel: kernel, stride: stride,
        groups: groups, adding: residual, isActivated: true, pooling: pooling)
    }
    var map = layer("stem", of: NetworkBuilder.image, 24, kernel: 3, pooling: pooling)
    for (stage, choices) in point.stages.enumerated() {
      let (name, width) = ("stages.\(stage).0", choices[0].width)
      let narrow = layer("\(name).narrow", of: map, width, kernel: 1)
      let grouped = layer("\(name).grouped", of: narrow, width, kernel: 3, stride: stage + 1, groups: width / 8)
      // The first stage adds its input, and is pooled after the addition.
      map = layer(
        "\(name).widen", of: grouped, 24, kernel: 1, adding: stage == 0 ? map : nil,
        pooling: stage == 0 ? pooling : nil)
    }
    network.head("linear")
  }
}
