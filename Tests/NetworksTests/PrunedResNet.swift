import Foundation
import Testing

@testable import Core
@testable import Networks

/// The shipped data set.
enum PrunedResNet {
  static let architectures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../notebooks/data/pruned-resnet/architectures.jsonl").path

  /// The point of the default space whose network has this graph. The sums separate the blocks.
  static func point(of graph: NetworkGraph) throws -> Point {
    let space = ResidualCNN()
    var stages: [[UnitChoice]] = [[], [], [], []]
    for (index, node) in graph.nodes.enumerated() where node.operation == .add {
      let width = try #require(node[.outputChannels])
      let stage = try #require(space.widths.firstIndex(of: width))
      // The convolution whose output the sum adds, and its input.
      let sources = graph.edges.filter { $0.target == index }.map(\.source)
      let second = try #require(
        sources.first { graph.nodes[$0].operation == .convolution && graph.nodes[$0][.kernel] == 3 })
      stages[stage].append(UnitChoice(width: try #require(graph.nodes[second][.inputChannels])))
    }
    for stage in stages.indices {
      while stages[stage].count < 3 { stages[stage].append(.dropped) }
    }
    return Point(stages: stages)
  }
}
