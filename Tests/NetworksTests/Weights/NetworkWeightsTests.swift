import Core
import Foundation
import Testing

@testable import Networks

@Suite struct NetworkWeightsTests {
  private let space = ResidualCNN(widths: [16, 32], blocksPerStage: 2, imageSize: 8)

  @Test func slicesAreTheFirstChannels() throws {
    let full = try space.fullNetwork()
    var weights = NetworkWeights(random: full, seed: 1)
    // The values of each kernel encode the channels that it connects.
    func marks(_ channels: Int) -> [Float] {
      (0..<channels * 144).map { index in
        let (output, input) = (index / 144, index / 9 % 16)
        return Float(output * 100 + input)
      }
    }
    weights.tensors["stages.0.0.conv1.weight"] = .init(shape: [16, 16, 3, 3], values: marks(16))
    let small = try space.network(at: space.point("8 - | 8 24"))
    let sliced = try weights.sliced(for: small)
    let kernel = try #require(sliced.tensors["stages.0.0.conv1.weight"])
    #expect(kernel.shape == [8, 16, 3, 3])
    #expect(kernel.values == marks(8))
    #expect(sliced.tensors["stages.0.0.conv2.weight"]?.shape == [16, 8, 3, 3])
    #expect(sliced.tensors["stages.0.1.conv1.weight"] == nil)
    try sliced.check(small)
    #expect(throws: InputError.self) { try sliced.sliced(for: full) }
  }

  @Test func ofAKernelTheMiddleStays() throws {
    let space = MobileNet(widths: [8], blocksPerStage: 1, features: 8, imageSize: 8)
    var weights = NetworkWeights(random: try space.fullNetwork(), seed: 1)
    let name = "stages.0.0.depthwise.conv.weight"
    weights.tensors[name] = .init(shape: [48, 1, 5, 5], values: (0..<48 * 25).map { Float($0 % 25) })
    let sliced = try weights.sliced(for: space.network(at: space.point("16k3")))
    let middle: [Float] = [6, 7, 8, 11, 12, 13, 16, 17, 18]
    #expect(sliced.tensors[name] == .init(shape: [16, 1, 3, 3], values: (0..<16).flatMap { _ in middle }))
  }

  /// Tensors that lie about their size, and a kernel that has no middle.
  @Test func tensorsThatCantBeSliced() throws {
    let network = try space.fullNetwork()
    for (shape, count) in [([1 << 62, 3, 3, 3], 432), ([16, 3, 3, 3], 431), ([16, 3, 4, 4], 768), ([16, 3], 48)] {
      var weights = NetworkWeights(random: network, seed: 1)
      weights.tensors["stem.conv.weight"] = .init(shape: shape, values: Array(repeating: 0, count: count))
      let error = #expect(throws: InputError.self) { try weights.sliced(for: network) }
      #expect(
        error?.cause == "the weight \"stem.conv.weight\" has the shape \(shape), but the network needs [16, 3, 3, 3]")
    }
  }

  @Test func randomWeightsAreOfTheRightSpread() throws {
    let weights = NetworkWeights(random: try ResidualCNN().fullNetwork(), seed: 3)
    let kernel = try #require(weights.tensors["stages.3.2.conv2.weight"]).values.map { Double($0) }
    let mean = kernel.reduce(0, +) / Double(kernel.count)
    let variance = kernel.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(kernel.count)
    #expect(abs(mean) < 1e-3)
    #expect(abs(variance / (2 / Double(256 * 9)) - 1) < 0.01)
    #expect(weights == NetworkWeights(random: try ResidualCNN().fullNetwork(), seed: 3))
  }

  @Test func weightsOfAnotherSpace() throws {
    let weights = NetworkWeights(random: try space.fullNetwork(), seed: 1)
    let other = ResidualCNN(widths: [16, 64], blocksPerStage: 2, imageSize: 8)
    var error = #expect(throws: InputError.self) { try weights.check(other.fullNetwork()) }
    #expect(
      error?.description == """
        the weight "stages.1.0.conv1.weight" has the shape [32, 16, 3, 3], but the network needs [64, 16, 3, 3]
          These are weights of another space, or of a smaller network.
        """)
    error = #expect(throws: InputError.self) {
      try weights.check(ResidualCNN(widths: [16, 32], blocksPerStage: 1, imageSize: 8).fullNetwork())
    }
    #expect(error?.cause == "the network has no weight \"stages.0.1.bn1.bias\"")
    error = #expect(throws: InputError.self) { try weights.sliced(for: MobileNet().fullNetwork()) }
    #expect(
      error?.cause == "the weight \"stem.conv.weight\" has the shape [16, 3, 3, 3], but the network needs [16, 3, 3, 3]"
        || error?.cause.hasPrefix("the weights lack \"stages.0.0.expand.conv.weight\"") == true)
  }

  @Test func safetensorsGoBothWays() throws {
    let weights = NetworkWeights(random: try space.fullNetwork(), seed: 5)
    let path = temporaryFile("weights.safetensors")
    try weights.save(path, batches: 3)
    #expect(try NetworkWeights.load(path) == weights)
    let other = MobileNet()
    let error = #expect(throws: InputError.self) { try NetworkWeights.load(path, for: other.fullNetwork()) }
    #expect(error?.place?.file == path)
  }

  /// A header of 640 bytes makes the first two bytes of the file those of a pickle.
  @Test func aSafetensorsFileThatBeginsLikeAPickleIsRead() throws {
    func file(_ note: Int) -> SafeTensors {
      SafeTensors(
        metadata: ["note": String(repeating: "x", count: note)],
        tensors: ["a": SafeTensors.Tensor(shape: [2], values: .single([1, 2]))])
    }
    let contents = try stride(from: 480, to: 640, by: 8).map { try file($0).encoded() }
    let content = try #require(contents.first { $0.starts(with: [0x80, 0x02]) })
    let path = temporaryFile("weights.safetensors")
    try content.write(to: URL(fileURLWithPath: path))
    let weights = NetworkWeights(tensors: ["a": NetworkWeights.Tensor(shape: [2], values: [1, 2])])
    #expect(try NetworkWeights.load(path) == weights)
  }

  @Test func numbersThatAreNotFiniteAreTold() throws {
    let path = temporaryFile("weights.safetensors")
    var weights = NetworkWeights(random: try space.fullNetwork(), seed: 1)
    weights.tensors["linear.bias"]?.values[3] = .infinity
    try weights.save(path)
    var error = #expect(throws: InputError.self) { try NetworkWeights.load(path) }
    #expect(
      error?.description == """
        \(path): the value 3 of the weight "linear.bias" is not a finite number
          Training may have diverged: use an earlier checkpoint.
        """)
    // The order of such weights would depend on chance.
    error = #expect(throws: InputError.self) { try weights.sortedByMagnitude(in: space) }
    #expect(error?.cause == "the value 3 of the weight \"linear.bias\" is not a finite number")
    error = #expect(throws: InputError.self) { try space.pointByMagnitude(weights, floatingPointOperations: 0.9) }
    #expect(error?.cause == "the value 3 of the weight \"linear.bias\" is not a finite number")
  }

  @Test func aFileThatIsCutOffIsTold() throws {
    let path = temporaryFile("weights.safetensors")
    let weights = NetworkWeights(random: try space.fullNetwork(), seed: 1)
    try weights.save(path)
    let content = try Data(contentsOf: URL(fileURLWithPath: path))
    for count in [0, 7, 8, 200, content.count - 1] {
      try content.prefix(count).write(to: URL(fileURLWithPath: path))
      let error = #expect(throws: InputError.self) { try NetworkWeights.load(path) }
      #expect(error?.place?.file == path)
    }
  }

  @Test func aPickleIsNotRead() throws {
    let path = temporaryFile("weights.pt")
    try Data("PK\u{3}\u{4}rest".utf8).write(to: URL(fileURLWithPath: path))
    let error = #expect(throws: InputError.self) { try NetworkWeights.load(path) }
    #expect(
      error?.description == """
        \(path): this is a pickle of torch.save, which isn't read
          Save it in Python by: from safetensors.torch import save_file; save_file(model.state_dict(), \
        "weights.safetensors")
        """)
  }
}

/// A file in its own temporary folder.
func temporaryFile(_ name: String) -> String {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("networks-\(UUID().uuidString)")
  try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  return folder.appendingPathComponent(name).path
}
