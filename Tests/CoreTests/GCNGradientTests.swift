import Foundation
import Testing

@testable import Core

/// Gradients are compared with central differences of the loss along random directions.
@Suite struct GCNGradientTests {
  struct Case: CustomTestStringConvertible {
    var layers = 4
    var units = 16
    var layerNorm = true
    var readout = GCN.Readout.globalNode
    var dropout = 0.0
    var loss = Loss.squared
    var nodes = 1...9

    var testDescription: String {
      "\(layers) layers of \(units), norm \(layerNorm), \(readout), dropout \(dropout), \(loss), \(nodes) nodes"
    }
  }

  static let cases = [
    Case(), Case(layers: 1), Case(layers: 2, units: 3), Case(units: 37), Case(layerNorm: false),
    Case(layerNorm: false, readout: .sum, nodes: 2...4), Case(readout: .mean),
    Case(readout: .sum, loss: .huber(threshold: 0.1)),
    Case(dropout: 0.3), Case(layers: 2, readout: .mean, dropout: 0.5), Case(loss: .absolute), Case(loss: .relative),
    Case(units: 5, nodes: 1...1), Case(loss: .quantile(0.8)), Case(loss: .gaussian),
    Case(readout: .mean, loss: .quantiles(lower: 0.2, upper: 0.9)), Case(loss: .rankingHinge(margin: 0.4, share: 0.7)),
  ]

  @Test(arguments: cases) func gradientsAreWhatCentralDifferencesSay(_ given: Case) throws {
    let graphs = EncodedGraphs.random(count: 7, nodes: given.nodes, seed: 6)
    let configuration = GCN.Configuration(
      layers: given.layers, hiddenUnits: given.units, dropout: given.dropout, layerNorm: given.layerNorm,
      readout: given.readout)
    var network = try GCN(
      configuration, featureCount: graphs.featureCount, outputCount: given.loss.outputHead.count, seed: 11)
    var random = SeededGenerator(seed: 4)
    // Biases of 0 would put some rows exactly on the kink of the ReLU.
    for position in network.parameters.indices { network.parameters[position] += Float(0.2 * random.uniform() - 0.1) }
    let bench = Workbench(network, graphs, mergesEqualRows: given.dropout == 0)
    let dropout = given.dropout > 0 ? Dropout(probability: given.dropout, seed: 3) : nil
    let targets = (0..<7).map { 0.5 + Double($0) / 3 }
    _ = bench.evaluate(given.loss, targets: targets, dropout: dropout)
    let gradients = bench.pass.gradients.array

    for (name, _, range) in network.tensors {
      var direction = [Float](repeating: 0, count: network.parameters.count)
      let length = Float(range.count).squareRoot()
      for position in range { direction[position] = (random.uniform() < 0.5 ? -1 : 1) / length }
      let expected = zip(gradients, direction).reduce(0) { $0 + Double($1.0) * Double($1.1) }
      // Sometimes a kink of the ReLU lies between the two points; a smaller step then agrees.
      let estimates = [1e-2, 3e-3, 1e-3, 3e-4].map { step in
        let ends = [Float(step), Float(-step)].map { move in
          bench.weights.copy(zip(network.parameters, direction).map { $0 + move * $1 })
          return bench.evaluate(given.loss, targets: targets, dropout: dropout)
        }
        return (ends[0] - ends[1]) / (2 * step)
      }
      bench.weights.copy(network.parameters)
      let scale = max(abs(expected), 0.02)
      let error = estimates.map { abs($0 - expected) / scale }.min() ?? .infinity
      #expect(error < 0.02, "\(name): \(expected), differences \(estimates)")
    }
  }
}
