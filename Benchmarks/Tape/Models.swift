// The benchmark chooses the rows of a batch with Core's internal functions, so it needs @testable imports.
@testable import Core
@testable import Numerics

/// A model with its parameters, which is trained on one batch after the other.
protocol BenchmarkedModel {
  var layout: ParameterLayout { get }
  /// The model's outputs for samples of the data, one row for each sample.
  func callAsFunction(_ samples: ArraySlice<Int>, _ weights: Weights) throws -> Variable
}

/// The GCN of BRP-NAS: four convolutions of 600 units with layer norm. As in Core's training, equal rows are computed
/// once, and rows that no output depends on aren't computed.
struct GraphConvolutionNetwork: BenchmarkedModel {
  let layout: ParameterLayout
  private let batch: BatchRows
  private let layers: [GraphConvolution]
  private let output: Linear

  init(_ cells: Cells, units: Int, batchSize: Int) {
    let table = RowTable(
      cells.graphs, selection: Array(0..<cells.graphs.count), layers: 4, readout: .globalNode, mergesEqualRows: true)
    batch = BatchRows(table, capacity: batchSize)
    var layout = ParameterLayout()
    layers = (0..<4).map {
      GraphConvolution(
        "layers.\($0)", inputs: $0 == 0 ? Cells.featureCount : units, units: units, in: &layout)
    }
    output = Linear("output", inputs: units, outputs: 1, in: &layout)
    self.layout = layout
  }

  func callAsFunction(_ samples: ArraySlice<Int>, _ weights: Weights) throws -> Variable {
    batch.select(samples.map { Int32(truncatingIfNeeded: $0) }[...], withTransposes: true)
    var x = weights.tape.constant(
      at: batch.inputs.pointer, rows: batch.inputs.rows, columns: batch.inputs.columns)
    for (index, layer) in layers.enumerated() {
      let sums =
        index == 0
        ? nil
        : SparseMatrix(
          batch.sums(ofLayer: index), transposed: batch.transposedSums(ofLayer: index), columnCount: x.rows)
      x = try layer(x, sums, weights)
    }
    let transposed = SparseRows(rowCapacity: x.rows, entryCapacity: batch.readout.entryCount)
    transposed.transpose(batch.readout, rowCount: x.rows)
    return try output(
      SparseMatrix(batch.readout, transposed: transposed, columnCount: x.rows).sums(of: x), weights)
  }
}

/// A graph transformer: three layers of width 128 with four heads over the nodes of a graph. The output is read at
/// the global node.
struct GraphTransformer: BenchmarkedModel {
  let cells: Cells
  let layout: ParameterLayout
  private let embedding: Linear
  private let layers: [TransformerLayer]
  private let norm: LayerNorm
  private let output: Linear
  /// The number of rows of every graph in PyTorch, whose batches are dense; rows beyond a graph's own are 0.
  private static let nodes = 9

  init(_ cells: Cells, width: Int) {
    self.cells = cells
    var layout = ParameterLayout()
    embedding = Linear("embedding", inputs: Cells.featureCount, outputs: width, in: &layout)
    layers = (0..<3).map { TransformerLayer("layers.\($0)", width: width, heads: 4, in: &layout) }
    norm = LayerNorm("norm", width: width, in: &layout)
    output = Linear("output", inputs: width, outputs: 1, in: &layout)
    self.layout = layout
  }

  func callAsFunction(_ samples: ArraySlice<Int>, _ weights: Weights) throws -> Variable {
    let tape = weights.tape
    var features: [Float] = []
    for sample in samples {
      let own = cells.features(of: sample)
      features += own + [Float](repeating: 0, count: Self.nodes * Cells.featureCount - own.count)
    }
    let segments = Segments(lengths: Array(repeating: Self.nodes, count: samples.count))
    var x = try embedding(
      tape.constant(singles: features, rows: segments.rowCount, columns: Cells.featureCount), weights)
    for layer in layers { x = try layer(x, segments, weights) }
    let globalRows = try SparseMatrix(
      picking: samples.indices.map { ($0 - samples.startIndex) * Self.nodes }, of: x.rows)
    return try output(norm(globalRows.sums(of: x), weights), weights)
  }
}

/// A multilayer perceptron with 64 inputs and three hidden layers of 512 units.
struct Perceptron: BenchmarkedModel {
  let layout: ParameterLayout
  private let layers: PerceptronLayers
  private let inputs: [Float]
  private static let width = 64

  init(samples: Int) {
    var layout = ParameterLayout()
    layers = PerceptronLayers("layers", widths: [Self.width, 512, 512, 512, 1], in: &layout)
    self.layout = layout
    var random = SeededGenerator(seed: 1)
    inputs = (0..<samples * Self.width).map { _ in Float(2 * random.uniform() - 1) }
  }

  func callAsFunction(_ samples: ArraySlice<Int>, _ weights: Weights) throws -> Variable {
    var rows: [Float] = []
    rows.reserveCapacity(samples.count * Self.width)
    for sample in samples { rows += inputs[sample * Self.width..<(sample + 1) * Self.width] }
    return try layers(weights.tape.constant(singles: rows, rows: samples.count, columns: Self.width), weights)
  }
}
