import Foundation
import Testing

@testable import Core
@testable import Networks

@Suite struct ResidualCNNTests {
  /// The shipped data set was made elsewhere, from networks of this space.
  @Test func graphsAreThoseOfTheShippedDataSet() throws {
    let space = ResidualCNN()
    let graphs = try NetworkGraph.load(PrunedResNet.architectures)
    #expect(graphs.count == 600)
    for graph in graphs {
      let point = try PrunedResNet.point(of: graph)
      let network = try space.network(at: point)
      let made = try network.graph(
        id: graph.id, properties: ["pruned_units": Double(space.prunedUnits(of: point))])
      #expect(made.nodes == graph.nodes)
      #expect(Set(made.edges) == Set(graph.edges))
      #expect(made.properties == graph.properties)
      #expect(network.floatingPointOperations == graph.totalFloatingPointOperations())
    }
  }

  @Test func parametersAreThoseOfTheSameNetworkInPyTorch() throws {
    // The count comes from Tests/Reference/networks_torch.py.
    #expect(try ResidualCNN().fullNetwork().parameterCount == 4_366_250)
    #expect(
      try ResidualCNN().network(at: ResidualCNN().point("8 - - | 64 16 - | 32 - 128 | 64 256 -")).parameterCount
        == 1_879_770)
  }

  @Test func widthsOfUnits() {
    let space = ResidualCNN()
    #expect(space.units.map(\.widths.first) == [8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64])
    #expect(space.units.map(\.widths.count) == [4, 4, 4, 7, 7, 7, 7, 7, 7, 7, 7, 7])
    #expect(
      space.units.map(\.canBeDropped) == [
        true, true, true, false, true, true, false, true, true, false, true, true,
      ])
    #expect(ResidualCNN(width: 16).widths == [16, 32, 64, 128])
    #expect(ResidualCNN(width: 8).units.first?.widths == [8])
  }

  @Test(arguments: [
    (ResidualCNN(widths: []), "the stages of the space residual have the widths []"),
    (ResidualCNN(widths: [32, 20]), "the stages of the space residual have the widths [32, 20]"),
    (ResidualCNN(width: .max, stages: 2), "the stages of the space residual have the widths [\(Int.max), -2]"),
    (ResidualCNN(blocksPerStage: 0), "a stage of the space residual can't have 0 blocks"),
    (ResidualCNN(imageSize: 4), "the space residual can't have images of 4 pixels"),
    (ResidualCNN(classes: 1), "the space residual can't have 1 classes"),
  ])
  func settingsThatMakeNoNetwork(_ space: ResidualCNN, _ cause: String) {
    let error = #expect(throws: InputError.self) { try space.fullNetwork() }
    #expect(error?.cause == cause)
  }
}
