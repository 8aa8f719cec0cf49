import Core
import Foundation
import ONNX
import Synchronization
import Testing

@testable import Networks

@Suite struct PrunedNetworksTests {
  private let space = ResidualCNN(widths: [8, 16], blocksPerStage: 2, imageSize: 16)

  private var context: TrainingContext {
    var context = TrainingContext.current
    context.threads = 1
    return context
  }

  private func trained(_ images: ImageSet) throws -> TrainedNetwork {
    try space.train(on: images, NetworkTraining(epochs: 1, batchSize: 20, learningRate: 0.05, seed: 1), in: context)
  }

  @Test func writesModelsAndTheirGraphs() throws {
    let images = try ImageSet.shapes(60, size: 16, seed: 1)
    let supernet = try trained(images)
    let points = try [space.fullPoint, space.point("- 8 | 8 -"), space.smallestPoint]
    let folder = URL(fileURLWithPath: temporaryFile("x")).deletingLastPathComponent().path + "/models"
    var shares: [Double] = []
    let networks = try supernet.export(
      points, of: space, calibratedOn: images, calibrationImages: 40, testedOn: images.first(30), to: folder,
      in: context
    ) { shares.append($0) }
    let thirds: [Double] = [1, 2, 3].map { Double($0) / 3 }
    #expect(shares == thirds)
    #expect(networks.map(\.id) == ["p0000", "p0001", "p0002"])
    #expect(networks.map(\.point) == points)
    #expect(networks.map(\.prunedUnits) == [0, 3, 4])
    let graphs = try NetworkGraph.load("\(folder)/architectures.jsonl")
    #expect(graphs == networks.map(\.graph))
    for network in networks {
      let read = try NetworkGraph(onnx: network.file)
      #expect(read.totalFloatingPointOperations() == network.floatingPointOperations)
      #expect(network.graph.properties["accuracy"] == network.accuracy)
    }
    // Making networks concurrently gives the same.
    var two = context
    two.threads = 2
    let again = try supernet.export(
      points, of: space, calibratedOn: images, calibrationImages: 40, testedOn: images.first(30), to: folder, in: two)
    #expect(again == networks)
    // Weights that were saved and read, as those from PyTorch are, give the same.
    let file = temporaryFile("supernet.safetensors")
    try supernet.weights.save(file)
    let fromFile = try NetworkWeights.load(file, for: space.fullNetwork()).export(
      points, of: space, supernet.normalization, calibratedOn: images, calibrationImages: 40,
      testedOn: images.first(30), to: folder, in: context)
    #expect(fromFile == networks)
    // Making one network by the separate functions gives the same.
    let small = try space.network(at: points[1])
    let weights = try small.calibrated(
      supernet.weights.sliced(for: small), on: images.first(40), supernet.normalization, in: context)
    let result = try small.test(weights, on: images.first(30), supernet.normalization, in: context)
    #expect(result.accuracy == networks[1].accuracy)
    #expect(networks[1].parameters == small.parameterCount)
  }

  /// Files that an earlier export of more networks left would be measured with the others.
  @Test func earlierFilesOfMoreNetworksAreRemoved() throws {
    let images = try ImageSet.shapes(40, size: 16, seed: 1)
    let supernet = try trained(images)
    let folder = URL(fileURLWithPath: temporaryFile("x")).deletingLastPathComponent().path + "/models"
    for count in [3, 1] {
      _ = try supernet.export(
        Array(repeating: space.smallestPoint, count: count), of: space, calibratedOn: images, to: folder, in: context)
      if count == 3 { try Data().write(to: URL(fileURLWithPath: "\(folder)/p10.onnx")) }
    }
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(files == ["architectures.jsonl", "p0000.onnx", "p10.onnx"])
  }

  @Test func whatCantBeExported() throws {
    let images = try ImageSet.shapes(40, size: 16, seed: 1)
    let supernet = try trained(images)
    func cause(_ space: some NetworkSpace, _ points: [Point], _ images: ImageSet, _ folder: String) -> String? {
      let error = #expect(throws: InputError.self) {
        try supernet.export(points, of: space, calibratedOn: images, to: folder, in: context)
      }
      return error?.cause
    }
    let folder = URL(fileURLWithPath: temporaryFile("x")).deletingLastPathComponent().path
    let other = ResidualCNN(widths: [8, 32], blocksPerStage: 2, imageSize: 16)
    #expect(
      cause(other, [other.fullPoint], images, folder)
        == "the weight \"stages.1.0.conv1.weight\" has the shape [16, 8, 3, 3], but the network needs [32, 8, 3, 3]")
    #expect(
      cause(space, [other.fullPoint], images, folder)
        == "the point \"8 8 | 32 32\" has 32 for the unit stages.1.0 of the space residual")
    #expect(
      cause(space, [space.fullPoint], try ImageSet.shapes(40, size: 32, seed: 1), folder)
        == "the images have 32 pixels, but the space residual reads 16")
    #expect(cause(space, [space.fullPoint], images.first(0), folder) == "there are no images")
    #expect(cause(space, [space.fullPoint], images, "/proc/models") == "the folder can't be made")
  }
}
