import Foundation
import Testing

@testable import Core

/// Merging equal rows saves work and doesn't change results.
@Suite struct RowTableTests {
  @Test(arguments: GCN.Readout.allCases, [1...1, 1...9, 30...40])
  func mergingEqualRowsChangesNothing(
    _ readout: GCN.Readout, _ nodes: ClosedRange<Int>
  ) throws {
    let graphs = EncodedGraphs.random(count: 12, nodes: nodes, featureCount: 3, seed: 4)
    let network = try GCN(
      GCN.Configuration(layers: 3, hiddenUnits: 19, readout: readout), featureCount: 3, seed: 1)
    let targets = (0..<12).map(Double.init)
    let merged = Workbench(network, graphs)
    let plain = Workbench(network, graphs, mergesEqualRows: false)
    #expect(merged.batch.rowCount(ofLayer: 0) < plain.batch.rowCount(ofLayer: 0))
    let losses = [merged, plain].map { $0.evaluate(.squared, targets: targets) }
    #expect(abs(losses[0] - losses[1]) < 1e-5 * losses[1])
    let norm = plain.pass.gradients.array.reduce(0) { $0 + $1 * $1 }.squareRoot()
    for (name, _, range) in network.tensors {
      let distance = range.reduce(Float(0)) {
        let difference = merged.pass.gradients.pointer[$1] - plain.pass.gradients.pointer[$1]
        return $0 + difference * difference
      }.squareRoot()
      #expect(distance < 1e-4 * norm, "\(name)")
    }
  }
}
