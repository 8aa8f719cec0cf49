import Foundation

@testable import Core

extension EncodedGraphs {
  /// Graphs given by the nodes that each node of each graph sums, with features from a formula.
  init(
    neighbours graphs: [[[Int32]]], featureCount: Int, feature: (_ graph: Int, _ node: Int, _ column: Int) -> Double
  ) {
    self.init(featureCount: featureCount)
    for (graph, nodes) in graphs.enumerated() {
      for (node, summed) in nodes.enumerated() {
        neighbours.append(contentsOf: summed)
        neighbourOffsets.append(neighbours.count)
        features.append(contentsOf: (0..<featureCount).map { Float(feature(graph, node, $0)) })
      }
      nodeOffsets.append(nodeOffsets[graph] + nodes.count)
    }
  }

  /// Random graphs with a global node. Every other node sums itself and some later ones. Features take few different
  /// values, so some rows are equal.
  static func random(count: Int, nodes: ClosedRange<Int>, featureCount: Int = 4, seed: UInt64) -> EncodedGraphs {
    var random = SeededGenerator(seed: seed)
    var shapes: [[[Int32]]] = []
    for _ in 0..<count {
      let size = Int32(Int.random(in: nodes, using: &random))
      var shape: [[Int32]] = [Array(0..<size)]
      for node in 1..<max(size, 1) {
        let later: [Int32] = (node + 1..<max(size, node + 1)).filter { _ in random.uniform() < 0.4 }
        shape.append([node] + later)
      }
      shapes.append(shape)
    }
    return EncodedGraphs(neighbours: shapes, featureCount: featureCount) { _, _, _ in
      Double(Int.random(in: 1...2, using: &random))
    }
  }
}

/// The graphs and weights of `Tests/Reference/gcn_reference.py`.
enum ReferenceCase {
  static let targets = [0.25, 1.0, 0.5]

  static let graphs = EncodedGraphs(
    neighbours: [
      [[0, 1, 2, 3], [1, 2], [2, 3], [3]],
      [[0, 1, 2], [1, 2], [2]],
      [[0, 1, 2, 3, 4, 5], [1, 2, 3], [2, 4], [3, 4], [4, 5], [5]],
    ], featureCount: 3
  ) { graph, node, column in
    sin(1 + 1.3 * Double(graph) + 0.7 * Double(node) + 2.1 * Double(column))
  }

  static func network(layerNorm: Bool, readout: GCN.Readout) throws -> GCN {
    var network = try GCN(
      GCN.Configuration(layers: 3, hiddenUnits: 11, layerNorm: layerNorm, readout: readout), featureCount: 3, seed: 0)
    for (name, _, range) in network.tensors {
      for position in range {
        network.parameters[position] = Float(0.4 * sin(0.9 * Double(position)) + (name.hasSuffix("scale") ? 1 : 0))
      }
    }
    return network
  }
}

/// A network with some graphs in one batch.
struct Workbench {
  let batch: BatchRows
  let pass: GCNPass
  let weights: Buffer<Float>

  init(_ network: GCN, _ graphs: EncodedGraphs, mergesEqualRows: Bool = true) {
    let configuration = network.configuration
    let table = RowTable(
      graphs, selection: Array(0..<graphs.count), layers: configuration.layers, readout: configuration.readout,
      mergesEqualRows: mergesEqualRows)
    batch = BatchRows(table, capacity: graphs.count)
    pass = GCNPass(
      configuration, featureCount: graphs.featureCount, outputCount: network.outputCount, batches: [batch], learns: true
    )
    weights = Buffer(network.parameters.count, repeating: 0)
    weights.copy(network.parameters)
    batch.select(Array(0..<Int32(graphs.count))[...], withTransposes: true)
  }

  /// Returns the mean loss, and fills `pass.outputs` and `pass.gradients`.
  func evaluate(_ loss: Loss, targets: [Double], dropout: Dropout? = nil) -> Double {
    let scale = TargetScale(scaling: .linear, offset: 0, factor: 1)
    pass.forward(batch, parameters: weights.pointer, dropout: dropout)
    var batchLoss = BatchLoss(loss, scale: scale)
    let sum = batchLoss.evaluate(
      targets.count, output: { Double(pass.outputs.pointer[$0]) }, target: { targets[$0] })
    let derivatives = batchLoss.derivatives.map { Float($0 / Double(targets.count)) }
    pass.backward(batch, parameters: weights.pointer, dropout: dropout, outputGradients: derivatives)
    return sum / Double(targets.count)
  }
}
