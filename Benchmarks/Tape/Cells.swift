import Core
import Numerics

/// Cells of NAS-Bench-201 as what the models read, drawn as the peer draws them: at random, without repetition.
struct Cells {
  /// A graph: its features, one row a node, the global node first.
  struct Graph {
    var nodes: Int
    var features: [Float]
    /// Each node's row and those of its neighbours summed.
    var summedFeatures: [Float]
    var neighbours: SparseMatrix
    /// Of the sums only the global node's.
    var globalSum: SparseMatrix
  }

  static let featureCount = 6
  private(set) var graphs: [Graph] = []

  init(_ count: Int) throws {
    var random = SeededGenerator(seed: 0)
    let operations = ["none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3"]
    for number in (0..<15625).shuffled(using: &random).prefix(count) {
      var rest = number
      let names = (0..<6).map { _ in
        defer { rest /= 5 }
        return operations[rest % 5]
      }
      let text = "|\(names[0])~0|+|\(names[1])~0|\(names[2])~1|+|\(names[3])~0|\(names[4])~1|\(names[5])~2|"
      let encoded = try GraphEncoding.brpNASBench201.encode([NASBench201.Cell(text).graph(id: text, .pruned)])
      graphs.append(try Self.graph(encoded))
    }
  }

  private static func graph(_ encoded: EncodedGraphs) throws -> Graph {
    let nodes = encoded.nodeOffsets[1]
    let rows = (0..<nodes).map { node in
      encoded.neighbours[encoded.neighbourOffsets[node]..<encoded.neighbourOffsets[node + 1]].map {
        (column: Int($0), weight: Float(1))
      }
    }
    var summed = [Float](repeating: 0, count: nodes * featureCount)
    for (node, sums) in rows.enumerated() {
      for (column, _) in sums {
        for feature in 0..<featureCount {
          summed[node * featureCount + feature] += encoded.features[column * featureCount + feature]
        }
      }
    }
    return Graph(
      nodes: nodes, features: Array(encoded.features.prefix(nodes * featureCount)), summedFeatures: summed,
      neighbours: try SparseMatrix(rows: rows, columnCount: nodes),
      globalSum: try SparseMatrix(rows: [rows[0]], columnCount: nodes))
  }
}
