import Testing

@testable import Core
@testable import Numerics

/// Compares the GCN with hand-written gradients with the same GCN on the tape; each is the other's reference.
@Suite struct TapeGCNTests {
  struct Case: CustomTestStringConvertible {
    var layers = 4
    var units = 16
    var layerNorm = true
    var readout = GCN.Readout.globalNode
    var dropout = 0.0
    var merges = true

    var testDescription: String { "\(layers) layers of \(units), norm \(layerNorm), \(readout), dropout \(dropout)" }
  }

  static let cases = [
    Case(), Case(layers: 1), Case(units: 37), Case(units: 600), Case(layerNorm: false), Case(readout: .mean),
    Case(layerNorm: false, readout: .sum), Case(dropout: 0.3, merges: false),
    Case(layers: 2, readout: .mean, dropout: 0.5, merges: false),
  ]

  /// The largest difference that rounding in single precision may cause, as a share of a tensor's largest gradient.
  static let tolerance: Float = 2e-5

  @Test(arguments: cases) func givesTheSameGradients(_ given: Case) throws {
    let graphs = EncodedGraphs.random(count: 40, nodes: 2...9, seed: 6)
    let configuration = GCN.Configuration(
      layers: given.layers, hiddenUnits: given.units, dropout: given.dropout, layerNorm: given.layerNorm,
      readout: given.readout)
    var network = try GCN(configuration, featureCount: graphs.featureCount, seed: 11)
    var random = SeededGenerator(seed: 4)
    for position in network.parameters.indices { network.parameters[position] += Float(0.2 * random.uniform() - 0.1) }
    let bench = Workbench(network, graphs, mergesEqualRows: given.merges)
    let dropout = given.dropout > 0 ? Dropout(probability: given.dropout, seed: 3) : nil
    let targets = (0..<graphs.count).map { 0.5 + Double($0) / 3 }
    let loss = bench.evaluate(.squared, targets: targets, dropout: dropout)

    let model = TapeGCN(configuration, featureCount: graphs.featureCount)
    #expect(model.layout.tensors.map(\.name) == network.tensors.map(\.name))
    #expect(model.layout.tensors.map(\.range) == network.tensors.map(\.range))
    let tape = Tape()
    let weights = try tape.bind(ParameterVector(model.layout, values: network.parameters))
    let outputs = try model(bench.batch, weights, dropout: dropout)
    let error = try outputs.squaredError(from: tape.constant(targets, rows: targets.count, columns: 1))
    try tape.backward(from: error)
    #expect(abs(error.scalar - loss) <= 1e-5 * loss)
    let expected = bench.pass.gradients.array
    let found = try weights.gradients().map(Float.init)
    for tensor in network.tensors {
      let largest = expected[tensor.range].map(abs).max() ?? 0
      let difference = tensor.range.map { abs(found[$0] - expected[$0]) }.max() ?? 0
      #expect(difference <= Self.tolerance * largest + 1e-7, "\(tensor.name): \(difference) of \(largest)")
    }
  }
}

/// `GCN` written as operations on a tape.
struct TapeGCN {
  let layout: ParameterLayout
  private let layers: [GraphConvolution]
  private let output: Linear
  private let dropout: Double

  init(_ configuration: GCN.Configuration, featureCount: Int) {
    var layout = ParameterLayout()
    layers = (0..<configuration.layers).map {
      GraphConvolution(
        "layers.\($0)", inputs: $0 == 0 ? featureCount : configuration.hiddenUnits, units: configuration.hiddenUnits,
        layerNorm: configuration.layerNorm, in: &layout)
    }
    output = Linear("output", inputs: configuration.hiddenUnits, outputs: 1, in: &layout)
    self.layout = layout
    dropout = configuration.dropout
  }

  func callAsFunction(_ batch: BatchRows, _ weights: Weights, dropout: Dropout?) throws -> Variable {
    var x = weights.tape.constant(
      at: batch.inputs.pointer, rows: batch.inputs.rows, columns: batch.inputs.columns)
    for (index, layer) in layers.enumerated() {
      let sums =
        index == 0
        ? nil
        : SparseMatrix(
          batch.sums(ofLayer: index), transposed: batch.transposedSums(ofLayer: index), columnCount: x.rows)
      x = try layer(x, sums, weights)
      if let dropout {
        x = try x.dropout(probability: self.dropout, seed: dropout.forLayer(index).seed)
      }
    }
    let transposed = SparseRows(rowCapacity: x.rows, entryCapacity: batch.readout.entryCount)
    transposed.transpose(batch.readout, rowCount: x.rows)
    return try output(
      SparseMatrix(batch.readout, transposed: transposed, columnCount: x.rows).sums(of: x), weights)
  }
}
