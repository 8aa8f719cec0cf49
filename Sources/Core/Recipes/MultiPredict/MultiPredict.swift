import Numerics

/// MultiPredict (Akhauri and Abdelfattah, AutoML 2023): one network for many devices, each with a learned vector:
///
///     output = perceptron([linear(mean of graph convolutions), vector of the device])
///
/// It learns the scaled logarithms of all known devices' latencies, and then continues with a few samples of a new
/// device. The initial vector of the new device is that of the known device that ranks these samples best; if these are
/// a single one or have equal latencies, that of the first device.
///
/// ```swift
/// let known = try MultiPredict().pretrain(on: sources)
/// let fit = try known.fit(to: newDevice, split: split)
/// ```
///
/// The paper uses 900 networks for each device, 250 epochs, and two hidden layers of 1000 units after a graph vector
/// of 30 and a device vector of 8. Here there are 300 networks, 60 epochs and hidden layers of 256. The paper's other
/// encoding, of zero-cost proxies, which transfers between search spaces, is not implemented, because it needs the
/// networks' weights. The encoding of graphs is Labbook's interpretation.
public struct MultiPredict: DeviceEmbeddingRecipe {
  public static let family = "multi-predict"

  public var layers: Int
  /// The units of the graph convolutions.
  public var units: Int
  /// The units of the two hidden layers after them.
  public var hiddenUnits: Int
  public var networksPerDevice: Int?
  public var options: TrainingOptions
  public var adaptation: TrainingOptions
  public var knowledge: DeviceKnowledge?

  public init(
    layers: Int = 3, units: Int = 64, hiddenUnits: Int = 256, networksPerDevice: Int? = 300,
    options: TrainingOptions = .graphNetwork(epochs: 60, batchSize: 64, loss: .squared),
    adaptation: TrainingOptions = .graphNetwork(epochs: 50, learningRate: 1e-3, loss: .squared)
  ) {
    self.layers = layers
    self.units = units
    self.hiddenUnits = hiddenUnits
    self.networksPerDevice = networksPerDevice
    self.options = options
    self.adaptation = adaptation
  }

  public func validate() throws {
    try require(layers, in: 1...1024, "layers", usual: "3")
    try require(units, in: 1...65536, "units", usual: "64")
    try require(hiddenUnits, in: 1...65536, "hidden units", usual: "256")
    try require(networksPerDevice ?? 1, in: 1...Int(Int32.max), "networks of a device", usual: "300")
  }

  public func makeEncoding(fitting graphs: [NetworkGraph]) throws -> GraphEncoding {
    try GraphEncoding(fitting: graphs)
  }

  public func makeNetwork(features: Int, devices: Int) -> MultiPredictNetwork {
    MultiPredictNetwork(self, features: features, devices: devices)
  }
}

public struct MultiPredictNetwork: DeviceNetwork {
  public let layout: ParameterLayout
  public var devices: ParameterLayout.Tensor { embedding.table }
  public let rankingMargin: Double? = nil
  private let convolutions: [GraphConvolution]
  private let joint: Linear
  private let embedding: Embedding
  private let head: PerceptronLayers

  init(_ recipe: MultiPredict, features: Int, devices: Int) {
    var layout = ParameterLayout()
    convolutions = (0..<recipe.layers).map {
      GraphConvolution("layers.\($0)", inputs: $0 == 0 ? features : recipe.units, units: recipe.units, in: &layout)
    }
    joint = Linear("joint", inputs: recipe.units, outputs: 30, in: &layout)
    embedding = Embedding("devices", count: devices + 1, width: 8, in: &layout)
    head = PerceptronLayers("head", widths: [38, recipe.hiddenUnits, recipe.hiddenUnits, 1], in: &layout)
    self.layout = layout
  }

  public func outputs(
    _ rows: GraphRows, devices: [Int], _ weights: Weights, dropoutSeed: UInt64?
  ) throws -> Variable {
    let neighbours = try rows.neighbourSums()
    var x = rows.features
    for layer in convolutions { x = try layer(x, neighbours, weights) }
    let graph = try joint(rows.graphs.means.sums(of: x), weights)
    let device = try embedding(SparseMatrix(picking: devices, of: embedding.table.rows), weights)
    return try head(Variable.joinedColumns([graph, device]), weights)
  }
}
