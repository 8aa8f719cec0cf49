import Core
import Testing

@testable import Networks

@Suite struct MobileNetTests {
  @Test func smallestNetworkByHand() throws {
    let space = MobileNet(widths: [8, 16], blocksPerStage: 2, features: 32, imageSize: 8)
    #expect(space.smallestPoint.description == "- - | 16k3 -")
    let network = try space.network(at: space.smallestPoint)
    // The kernels of stem, expansion, depthwise, projection and last convolution; two numbers for each channel; then
    // the linear layer.
    let kernels = [8 * 3 * 9, 16 * 8, 16 * 9, 16 * 16, 32 * 16]
    #expect(network.parameterCount == kernels.reduce(0, +) + 2 * (8 + 16 + 16 + 16 + 32) + 32 * 10 + 10)
    let graph = try network.graph(id: "small")
    #expect(
      graph.nodes.map(\.operation) == [
        .input, .convolution, .relu, .convolution, .relu, .convolution, .relu, .convolution, .convolution, .relu,
        .globalAveragePool, .linear, .output,
      ])
    #expect(graph.nodes[5][.groups] == 16)
    #expect(graph.nodes[5][.height] == 4)
    // Counted by hand: a multiplication and an addition are two operations; ReLU and pooling are one for each
    // element.
    let products = 2 * (64 * kernels[0] + 64 * kernels[1] + 16 * (kernels[2] + kernels[3] + kernels[4]) + 320)
    #expect(network.floatingPointOperations == Double(products + 64 * (8 + 16) + 16 * (16 + 32) + 16 * 32))
  }

  @Test func skipsAddWhatABlockReads() throws {
    let network = try MobileNet(widths: [8, 16], blocksPerStage: 2, features: 32).fullNetwork()
    let sums = network.convolutions.filter { $0.residual != nil }
    #expect(sums.map(\.name) == ["stages.0.0.project.conv", "stages.0.1.project.conv", "stages.1.1.project.conv"])
    let kernels = network.convolutions.filter { $0.groups > 1 }.map(\.kernel)
    #expect(kernels == [5, 5, 5, 5])
  }
}
