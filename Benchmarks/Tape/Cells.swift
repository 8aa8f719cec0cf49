import Core
import Numerics

/// NAS-Bench-201 cells encoded for the models. They are drawn at random without repetition, as the PyTorch script
/// draws them.
struct Cells {
  static let featureCount = 6
  let graphs: EncodedGraphs

  init(_ count: Int) throws {
    var random = SeededGenerator(seed: 0)
    let operations = ["none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3"]
    let drawn = try (0..<15625).shuffled(using: &random).prefix(count).map { number in
      var rest = number
      let names = (0..<6).map { _ in
        defer { rest /= 5 }
        return operations[rest % 5]
      }
      let text = "|\(names[0])~0|+|\(names[1])~0|\(names[2])~1|+|\(names[3])~0|\(names[4])~1|\(names[5])~2|"
      return try NASBench201.Cell(text).graph(id: "\(number)", .pruned)
    }
    graphs = try GraphEncoding.brpNASBench201.encode(drawn)
  }

  /// The features of a graph's nodes, row by row; the first row is the global node.
  func features(of graph: Int) -> ArraySlice<Float> {
    graphs.features[
      graphs.nodeOffsets[graph] * Self.featureCount..<graphs.nodeOffsets[graph + 1] * Self.featureCount]
  }
}
