import Numerics

/// NNLQP (Liu and others, ICPP 2022): GraphSAGE layers, the sum over nodes, features of the whole network, and linear
/// layers.
///
///     h_n = relu(normalise(W mean of h over predecessors of n + V h_n + b))
///     output = perceptron(sum of h_n, total FLOPs, total output elements, number of nodes)
///
/// `normalise` divides by the Euclidean norm. A node's first vector is its one-hot operation with its attributes.
///
/// ```swift
/// let recipe = NNLQP(units: 128, options: TrainingOptions(epochs: 150, seed: 1))
/// let fit = try recipe.fit(to: data, split: split, label: "NNLQP")
/// ```
///
/// The paper uses 512 units and 50 epochs, a learning rate of 1e-3, batches of 16 and a head for each platform. Here
/// there are fewer units, logarithmic targets and one platform per predictor. Of its four static features, only those
/// that graphs have are used: the batch size is not among them.
public struct NNLQP: GraphNetworkRecipe {
  public static let family = "nnlqp"

  /// The number of GraphSAGE layers, and the units of these and of the two hidden layers after them.
  public var layers: Int
  public var units: Int
  /// The probability that a hidden unit after the sum is 0 while training.
  public var dropout: Double
  public var options: TrainingOptions
  public var encoding: NNLQPEncoding?

  public init(
    layers: Int = 2, units: Int = 128, dropout: Double = 0.05, options: TrainingOptions = .graphNetwork(),
    encoding: NNLQPEncoding? = nil
  ) {
    self.layers = layers
    self.units = units
    self.dropout = dropout
    self.options = options
    self.encoding = encoding
  }

  public func validate() throws {
    try require(layers, in: 1...1024, "layers", usual: "2")
    try require(units, in: 1...65536, "units", usual: "128")
    try requireDropout(dropout)
  }

  public func makeEncoding(fitting graphs: [NetworkGraph]) throws -> NNLQPEncoding {
    NNLQPEncoding(
      nodes: try GraphEncoding(fitting: graphs, direction: .backward, selfLoops: false, globalNode: false),
      totals: NetworkTotals(fitting: graphs))
  }

  public func makeNetwork(features: Int) -> NNLQPNetwork {
    NNLQPNetwork(features: features, totals: NetworkTotals.count, layers: layers, units: units, dropout: dropout)
  }
}

/// The nodes as in a `GraphEncoding`, each with the totals of its network after its own features.
public struct NNLQPEncoding: GraphRowEncoding {
  public let nodes: GraphEncoding
  public let totals: NetworkTotals

  public init(nodes: GraphEncoding, totals: NetworkTotals) {
    self.nodes = nodes
    self.totals = totals
  }

  public var featureCount: Int { nodes.featureCount + NetworkTotals.count }

  public func encode(_ graphs: [NetworkGraph]) throws -> EncodedGraphs {
    try nodes.encode(graphs, appending: NetworkTotals.count, totals.reader)
  }
}

public struct NNLQPNetwork: GraphNetwork {
  public let layout: ParameterLayout
  private let totals: Int
  private let layers: [SAGELayer]
  private let head: PerceptronLayers

  init(features: Int, totals: Int, layers: Int, units: Int, dropout: Double) {
    var layout = ParameterLayout()
    self.totals = totals
    self.layers = (0..<layers).map {
      SAGELayer("layers.\($0)", inputs: $0 == 0 ? features - totals : units, units: units, in: &layout)
    }
    head = PerceptronLayers("head", widths: [units + totals, units, units, 1], dropout: dropout, in: &layout)
    self.layout = layout
  }

  public func outputs(_ rows: GraphRows, _ weights: Weights, dropoutSeed: UInt64?) throws -> Variable {
    let width = rows.features.columns - totals
    let neighbours = try rows.neighbourMeans()
    var x = try rows.features.columns(0..<width)
    for layer in layers { x = try layer(x, neighbours, weights) }
    let totals = try rows.graphs.means.sums(of: rows.features.columns(width..<rows.features.columns))
    return try head(
      Variable.joinedColumns([rows.graphs.sums.sums(of: x), totals]), weights, dropoutSeed: dropoutSeed)
  }
}

/// A GraphSAGE layer (Hamilton, Ying and Leskovec, 2017) with means:
///
///     relu(normalise(A X W + X V + b))
struct SAGELayer: Sendable {
  let neighbours: Linear
  let own: Linear

  init(_ name: String, inputs: Int, units: Int, in layout: inout ParameterLayout) {
    neighbours = Linear("\(name).neighbours", inputs: inputs, outputs: units, in: &layout)
    own = Linear("\(name).own", inputs: inputs, outputs: units, bias: false, in: &layout)
  }

  /// - Parameter means: The matrix that takes the mean over each row's neighbours.
  func callAsFunction(_ x: Variable, _ means: SparseMatrix, _ weights: Weights) throws -> Variable {
    try (neighbours(means.sums(of: x), weights) + own(x, weights)).normalisedRows().map(.relu)
  }
}
