import Numerics

/// NASFLAT (Akhauri and Abdelfattah, MLSys 2024): operations are combined with the device's vector before information
/// flows between them.
///
/// Each node has the embedding of its operation next to the vector of the device, and two graph convolutions refine
/// it. Each layer is the mean of two kinds; `o` is the refined operation, `P` the sum over a node and its
/// predecessors, and `share` a softmax over the same:
///
///     x = relu(mean of sigmoid(W_o o) * (P x W) + x W  and  layerNorm(sigmoid(V_o o) * sum of share * V x))
///
/// The mean over nodes is the input of a perceptron. Pairs of networks of one device in the wrong order cost, as in
/// `GATES`. The initial vector of a new device is that of the known device that ranks its samples best; if these are a
/// single one or have equal latencies, that of the first device. A line from scores to logarithms of latencies is
/// fitted to the same samples.
///
/// ```swift
/// let known = try NASFLAT().pretrain(on: sources)
/// let fit = try known.fit(to: newDevice, split: split)
/// print(fit.predictor.source)
/// ```
///
/// The paper uses three layers of 128 units, a perceptron of three times 200, batches of 16 of one device and 150
/// epochs, then 40 at 3e-3, and chooses the networks to measure by zero-cost proxies. Here there are layers of 64,
/// one hidden layer of 128, batches of 64 of all devices and 60 epochs. Attention ignores nodes that aren't
/// predecessors, to which the paper's program gives weights too. The place of the attention's gates is Labbook's
/// interpretation.
public struct NASFLAT: DeviceEmbeddingRecipe {
  public static let family = "nasflat"

  public var layers: Int
  public var units: Int
  /// The margin by which scores of different latencies should differ.
  public var margin: Double
  public var networksPerDevice: Int?
  public var options: TrainingOptions
  public var adaptation: TrainingOptions
  public var knowledge: DeviceKnowledge?

  public init(
    layers: Int = 3, units: Int = 64, margin: Double = 0.1, networksPerDevice: Int? = 256,
    options: TrainingOptions = .graphNetwork(epochs: 60, batchSize: 64, learningRate: 1e-3, loss: .squared),
    adaptation: TrainingOptions = .graphNetwork(epochs: 40, learningRate: 1e-3, loss: .squared)
  ) {
    self.layers = layers
    self.units = units
    self.margin = margin
    self.networksPerDevice = networksPerDevice
    self.options = options
    self.adaptation = adaptation
  }

  public func validate() throws {
    try require(layers, in: 1...1024, "layers", usual: "3")
    try require(units, in: 1...65536, "units", usual: "64")
    try require(networksPerDevice ?? 1, in: 1...Int(Int32.max), "networks of a device", usual: "256")
    if !(margin > 0 && margin.isFinite) {
      throw InputError.scoreMargin(margin)
    }
  }

  public func makeEncoding(fitting graphs: [NetworkGraph]) throws -> GraphEncoding {
    try GraphEncoding(fitting: graphs, direction: .backward, globalNode: false)
  }

  public func makeNetwork(features: Int, devices: Int) -> NASFLATNetwork {
    NASFLATNetwork(self, features: features, devices: devices)
  }
}

public struct NASFLATNetwork: DeviceNetwork {
  public let layout: ParameterLayout
  public let rankingMargin: Double?
  public var devices: ParameterLayout.Tensor { deviceEmbedding.table }
  private let operation: Linear
  private let deviceEmbedding: Embedding
  private let refining: [GraphConvolution]
  private let first: Linear
  private let layers: [Layer]
  private let head: PerceptronLayers
  private let units: Int

  /// A layer with gated flow and gated attention.
  private struct Layer: Sendable {
    let flowGate: Linear
    let flow: Linear
    let attentionGate: Linear
    let packed: Linear
    let norm: LayerNorm
  }

  init(_ recipe: NASFLAT, features: Int, devices: Int) {
    var layout = ParameterLayout()
    let units = recipe.units
    self.units = units
    rankingMargin = recipe.margin
    operation = Linear("operation", inputs: features, outputs: 40, in: &layout)
    deviceEmbedding = Embedding("devices", count: devices + 1, width: 8, in: &layout)
    refining = (0..<2).map {
      GraphConvolution("refining.\($0)", inputs: $0 == 0 ? 48 : units, units: units, in: &layout)
    }
    first = Linear("first", inputs: 48, outputs: units, in: &layout)
    let width = 48 + units
    layers = (0..<recipe.layers).map {
      Layer(
        flowGate: Linear("layers.\($0).flowGate", inputs: width, outputs: units, activation: .sigmoid, in: &layout),
        flow: Linear("layers.\($0).flow", inputs: units, outputs: units, in: &layout),
        attentionGate: Linear(
          "layers.\($0).attentionGate", inputs: width, outputs: units, activation: .sigmoid, in: &layout),
        packed: Linear("layers.\($0).packed", inputs: units, outputs: 3 * units, in: &layout),
        norm: LayerNorm("layers.\($0).norm", width: units, in: &layout))
    }
    head = PerceptronLayers("head", widths: [units, 2 * units, 1], in: &layout)
    self.layout = layout
  }

  public func outputs(
    _ rows: GraphRows, devices: [Int], _ weights: Weights, dropoutSeed: UInt64?
  ) throws -> Variable {
    let neighbours = try rows.neighbourSums()
    let edges = try rows.edges()
    let ofRow = zip(devices, rows.graphs.lengths).flatMap { Array(repeating: $0, count: $1) }
    let device = try deviceEmbedding(SparseMatrix(picking: ofRow, of: deviceEmbedding.table.rows), weights)
    let plain = try Variable.joinedColumns([operation(rows.features, weights), device])
    var refined = plain
    for layer in refining { refined = try layer(refined, neighbours, weights) }
    let operations = try Variable.joinedColumns([plain, refined])
    var x = try first(plain, weights)
    for layer in layers {
      let flow = try layer.flow(x, weights)
      let gated = try layer.flowGate(operations, weights) * neighbours.sums(of: flow) + flow
      let packed = try layer.packed(x, weights)
      let queries = try edges.rows.sums(of: packed.columns(0..<units))
      let keys = try edges.neighbours.sums(of: packed.columns(units..<2 * units))
      let values = try edges.neighbours.sums(of: packed.columns(2 * units..<3 * units))
      let shares = try ((queries * keys).rowSums() / Double(units).squareRoot()).softmax(within: edges.byRow)
      let attention = try edges.byRow.sums.sums(of: values * shares)
      x = try ((gated + layer.norm(layer.attentionGate(operations, weights) * attention, weights)) / 2).map(.relu)
    }
    return try head(rows.graphs.means.sums(of: x), weights)
  }
}
