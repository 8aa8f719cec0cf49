import Core
import Testing

@testable import Networks

/// A space as a user may define one, with a mistake in its `build`.
private struct BrokenSpace: NetworkSpace {
  static let name = "broken"
  var imageSize = 16
  var classes = 10
  var listed: [NetworkUnit] = []
  var mistake: String

  var stages: [[NetworkUnit]] { listed.isEmpty ? [] : [listed] }
  func validate() throws {}

  func build(_ point: Point, into network: inout NetworkBuilder) {
    func layer(
      _ name: String, normalization: String? = nil, of map: Int, outputs: Int = 8, kernel: Int = 3, stride: Int = 1,
      isDepthwise: Bool = false, adding: Int? = nil
    ) -> Int {
      network.convolution(
        name, normalization: normalization ?? "\(name).bn", of: map, outputs: outputs, kernel: kernel, stride: stride,
        isDepthwise: isDepthwise, adding: adding, isActivated: true)
    }
    if mistake == "nothing" { return }
    let stem = layer("stem", of: NetworkBuilder.image, isDepthwise: mistake == "depthwise")
    switch mistake {
    case "kernel": _ = layer("conv", of: stem, kernel: 4)
    case "large kernel": _ = layer("conv", of: stem, kernel: .max)
    case "outputs": _ = layer("conv", of: stem, outputs: .max)
    case "unread":
      _ = layer("lost", of: stem)
      _ = layer("conv", of: stem)
    case "name": _ = layer("stem", normalization: "conv.bn", of: stem)
    case "normalization": _ = layer("conv", normalization: "stem.bn", of: stem)
    case "own normalization": _ = layer("conv", normalization: "conv", of: stem)
    case "linear": _ = layer("linear", of: stem)
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
    ("kernel", "\"conv\" of the space broken has a kernel of 4, which isn't an odd number from 1 to 255"),
    (
      "large kernel",
      "\"conv\" of the space broken has a kernel of \(Int.max), which isn't an odd number from 1 to 255"
    ),
    ("outputs", "\"conv\" of the space broken has \(Int.max) outputs"),
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

  /// Two layers of one name would train the same weights, each without the other's gradients.
  @Test(arguments: [
    ("name", "stem"), ("normalization", "stem.bn"), ("own normalization", "conv"), ("linear", "linear"),
  ])
  func aNameThatTwoLayersHaveIsTold(mistake: String, name: String) {
    let error = #expect(throws: InputError.self) { try BrokenSpace(mistake: mistake).fullNetwork() }
    #expect(
      error?.description == """
        two layers of the space broken have weights of the name "\(name)"
          Give each convolution, each batch norm and the linear layer a name of its own in the space's `build`.
        """)
  }

  @Test func layersWithoutAReaderOrNoLayersAreTold() {
    var error = #expect(throws: InputError.self) { try BrokenSpace(mistake: "unread").fullNetwork() }
    #expect(error?.cause == "no layer of the space broken reads the result of the layer \"lost\"")
    error = #expect(throws: InputError.self) { try BrokenSpace(mistake: "nothing").fullNetwork() }
    #expect(error?.cause == "the space broken builds no convolution")
  }

  @Test(arguments: [(0, 10), (.min, 10), (5000, 10), (16, 0), (16, -1), (16, 70_000)] as [(Int, Int)])
  func sizesOfASpaceWithoutChecksAreTold(imageSize: Int, classes: Int) {
    let space = BrokenSpace(imageSize: imageSize, classes: classes, mistake: "none")
    let error = #expect(throws: InputError.self) { try space.fullNetwork() }
    #expect(
      error?.cause == "the space broken can't have images of \(imageSize) pixels in \(classes) classes")
  }

  @Test func unitsThatCantBeAreTold() throws {
    func unit(_ widths: [Int], kernels: [Int] = [], axis: Int = 0) -> NetworkUnit {
      NetworkUnit(
        name: "u", widths: widths, kernels: kernels, canBeDropped: false,
        channels: [NetworkUnit.ChannelAxis("conv.weight", axis: axis)])
    }
    func cause(_ unit: NetworkUnit) -> String? {
      let error = #expect(throws: InputError.self) {
        try BrokenSpace(listed: [unit], mistake: "none").fullNetwork()
      }
      return error?.cause
    }
    #expect(cause(unit([])) == "the unit u of the space broken has the widths []")
    #expect(cause(unit([16, 8])) == "the unit u of the space broken has the widths [16, 8]")
    #expect(cause(unit([8], kernels: [-9, 5])) == "the unit u of the space broken has the kernels [-9, 5]")
    #expect(cause(unit([8], kernels: [2])) == "the unit u of the space broken has the kernels [2]")
    #expect(
      cause(unit([8], axis: -1))
        == "the unit u of the space broken has its channels along the axis -1 of \"conv.weight\"")
    #expect(try BrokenSpace(listed: [unit([8])], mistake: "none").fullNetwork().convolutions.count == 2)
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
