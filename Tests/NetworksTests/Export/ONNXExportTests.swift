import Core
import Foundation
import ONNX
import Testing

@testable import Networks

@Suite struct ONNXExportTests {
  private let space = ResidualCNN(widths: [16, 32], blocksPerStage: 2, imageSize: 16)

  /// Importing the file gives the network's graph. A batch norm that isn't folded is an additional node.
  @Test(arguments: [13, 15, 17], [nil, 4])
  func isReadBack(_ operatorSet: Int, _ batch: Int?) throws {
    let spaces: [(any NetworkSpace, String)] = [
      (space, "16 - | 24 32"), (space, "8 8 | 8 -"), (MobileNet(), MobileNet().fullPoint.description),
    ]
    for (space, text) in spaces {
      let network = try space.network(at: space.point(text))
      let weights = NetworkWeights(random: network, seed: 1)
      let path = temporaryFile("network.onnx")
      try network.save(onnx: path, weights: weights, ONNXExport(operatorSet: operatorSet, batch: batch))
      let graph = try network.graph(id: "network")
      let read = try NetworkGraph(onnx: path)
      #expect(read.nodes.map(\.operation.rawValue).sorted() == graph.nodes.map(\.operation.rawValue).sorted())
      #expect(read.totalFloatingPointOperations() == graph.totalFloatingPointOperations())
      try network.save(
        onnx: path, weights: weights,
        ONNXExport(operatorSet: operatorSet, foldsNormalization: false, batch: batch))
      let unfolded = try NetworkGraph(onnx: path)
      #expect(unfolded.nodes.count { $0.operation == "batch_norm" } == network.convolutions.count)
      #expect(unfolded.nodes.count == graph.nodes.count + network.convolutions.count)
    }
  }

  @Test func theSameNetworkGivesTheSameBytes() throws {
    let network = try space.fullNetwork()
    let weights = NetworkWeights(random: network, seed: 1)
    #expect(try network.onnx(weights: weights) == network.onnx(weights: NetworkWeights(random: network, seed: 1)))
    #expect(try network.onnx(weights: weights) != network.onnx(weights: NetworkWeights(random: network, seed: 2)))
  }

  @Test func whatCantBeWritten() throws {
    let network = try space.fullNetwork()
    let weights = NetworkWeights(random: network, seed: 1)
    var error = #expect(throws: InputError.self) { try network.onnx(weights: weights, ONNXExport(operatorSet: 9)) }
    #expect(error?.cause == "networks can't be written with ONNX's operators of version 9")
    error = #expect(throws: InputError.self) { try network.onnx(weights: weights, ONNXExport(batch: 0)) }
    #expect(error?.cause == "an input can't hold 0 images")
    error = #expect(throws: InputError.self) { try network.save(onnx: "/no/such/folder/a.onnx", weights: weights) }
    #expect(
      error?.description == "/no/such/folder/a.onnx: the file can't be written\n"
        + "  Check that the folder exists and can be written.")
    error = #expect(throws: InputError.self) {
      try space.network(at: space.smallestPoint).onnx(weights: weights)
    }
    #expect(error?.cause.hasPrefix("the weight \"stages.1.0.conv1.weight\" has the shape") == true)
  }
}
