import Core
import Testing

@testable import Networks

/// A space as a user may define one, with a mistake in its `build`.
private struct BrokenSpace: NetworkSpace {
  static let name = "broken"
  var imageSize = 16
  var classes = 10
  var mistake: String

  var stages: [[NetworkUnit]] { [] }
  func validate() throws {}

  func build(_ point: Point, into network: inout NetworkBuilder) {
    func layer(
      _ name: String, of map: Int, kernel: Int = 3, stride: Int = 1, isDepthwise: Bool = false, adding: Int? = nil
    ) -> Int {
      network.convolution(
        name, normalization: "\(name).bn", of: map, outputs: 8, kernel: kernel, stride: stride,
        isDepthwise: isDepthwise, adding: adding, isActivated: true)
    }
    let stem = layer("stem", of: NetworkBuilder.image, isDepthwise: mistake == "depthwise")
    switch mistake {
    case "kernel": _ = layer("conv", of: stem, kernel: 4)
    case "stride": _ = layer("conv", of: stem, stride: 0)
    case "input": _ = layer("conv", of: 9)
    case "later": _ = layer("conv", of: stem, adding: 9)
    case "shape": _ = layer("conv", of: stem, stride: 2, adding: stem)
    default: _ = layer("conv", of: stem, adding: stem)
    }
    network.head("linear")
  }
}

@Suite struct NetworkSpaceTests {
  @Test(arguments: [
    ("depthwise", "\"stem\" of the space broken reads the image in groups"),
    ("kernel", "\"conv\" of the space broken has a kernel of 4, which isn't odd"),
    ("stride", "\"conv\" of the space broken has a stride of 0"),
    ("input", "\"conv\" of the space broken reads a feature map that doesn't exist before it"),
    ("later", "\"conv\" of the space broken adds a feature map that doesn't exist before it"),
    ("shape", "\"conv\" of the space broken adds 8 channels of 16 x 16 to 8 of 8 x 8"),
  ])
  func aSpaceThatBuildsAnImpossibleLayerIsTold(mistake: String, cause: String) throws {
    let error = #expect(throws: InputError.self) { try BrokenSpace(mistake: mistake).fullNetwork() }
    #expect(error?.cause == "the layer \(cause)")
    #expect(try BrokenSpace(mistake: "none").fullNetwork().convolutions.count == 2)
  }

  @Test func settingsThatCantBeAreErrors() throws {
    #expect(throws: InputError.self) { try ResidualCNN(blocksPerStage: -1).fullNetwork() }
    #expect(throws: InputError.self) { try ResidualCNN(widths: [.max]).fullNetwork() }
    #expect(throws: InputError.self) { try MobileNet(widths: [.max]).fullNetwork() }
    #expect(throws: InputError.self) { try ResidualCNN(blocksPerStage: -1).randomPoint(floatingPointOperations: 0.5) }
  }

  /// A unit whose last width isn't its largest leads to such layers.
  @Test func aLayerLargerThanThatOfTheWholeNetworkIsAnError() throws {
    func network(_ width: Int) throws -> Network {
      try ResidualCNN(widths: [width], blocksPerStage: 1, imageSize: 16).fullNetwork()
    }
    try OneDNN.use(threads: 1)
    let store = try ParameterStore(network(8), NetworkWeights(random: network(8), seed: 1))
    func pass(_ width: Int) throws {
      _ = try NetworkPass(network(width), batch: 1, of: store, PassResources(), hasGradients: false)
    }
    try pass(8)
    let error = #expect(throws: InputError.self) { try pass(16) }
    #expect(error?.cause == "the linear layer linear is larger than that of the whole network")
  }

  @Test func anImpossibleNormalizationIsAnError() throws {
    let space = ResidualCNN(widths: [8], blocksPerStage: 1, imageSize: 16)
    let network = try space.fullNetwork()
    let images = try ImageSet.shapes(10, size: 16, seed: 1)
    for normalization in [
      ImageNormalization(mean: [0.5], deviation: [0.25]),
      ImageNormalization(mean: [0, 0, 0], deviation: [1, 0, 1]),
      ImageNormalization(mean: [0, .nan, 0], deviation: [1, 1, 1]),
    ] {
      let error = #expect(throws: InputError.self) {
        try network.logits(NetworkWeights(random: network, seed: 1), of: images, normalization)
      }
      #expect(error?.cause.hasPrefix("images can't be normalised with the means") == true)
    }
  }

  /// A network that diverged must not look like one that works.
  @Test func aNaNStaysANaN() throws {
    let network = try ResidualCNN(widths: [8], blocksPerStage: 1, imageSize: 16).fullNetwork()
    var weights = NetworkWeights(random: network, seed: 1)
    weights.tensors["stem.conv.weight"]?.values[0] = .nan
    let images = try ImageSet.shapes(4, size: 16, seed: 1)
    let logits = try network.logits(weights, of: images, images.normalization)
    #expect(!logits.contains { !$0.isNaN })
  }

  @Test func logitsOfManyImagesAreThoseOfEach() throws {
    let network = try ResidualCNN(widths: [8], blocksPerStage: 1, imageSize: 16).fullNetwork()
    let weights = NetworkWeights(random: network, seed: 1)
    let images = try ImageSet.shapes(150, size: 16, seed: 1)
    let all = try network.logits(weights, of: images, images.normalization)
    let last = try network.logits(weights, of: images[140..<150], images.normalization)
    #expect(all.count == 1500)
    for (one, other) in zip(all.suffix(100), last) { #expect(abs(one - other) < 1e-4) }
  }
}
