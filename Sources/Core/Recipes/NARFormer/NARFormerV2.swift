import Numerics

/// The layer of NAR-Former V2 (Yi and others, NeurIPS 2023): attention along the edges of a graph, with grouped
/// linear layers.
///
///     a_n = sum over neighbours m of s_nm V y_m / sum of s_nm,  s_nm = sigmoid(Q y_n . K y_m / sqrt(width))
///     x_n = x_n + c1 * sigmoid(degree gate) * normalise(W a_n + R y_n),  y = layerNorm(x)
///     x = x + c2 * groups(layerNorm(x))
///
/// `normalise` divides by the Euclidean norm. The gate is a linear function of log(1 + number of neighbours). Each
/// linear layer of `groups` works on one group of columns and is four times as wide inside. c1 and c2 are learned
/// scales of each column. The sum over all nodes is the input of a perceptron. The work is proportional to the number
/// of edges, so the layer suits large networks.
///
/// ```swift
/// let fit = try NARFormerV2().fit(to: data, split: split, label: "NAR-Former V2")
/// ```
///
/// The paper uses two layers of 512 units for NNLQP's networks and six for cells, 50 epochs, batches of 16 and a rate
/// of 1e-3; here there are three layers of 64 and 200 epochs. Neighbours in both directions, the form of the gate and
/// the places of the norms are Labbook's interpretation.
public struct NARFormerV2: GraphNetworkRecipe {
  public static let family = "nar-former-v2"

  public var layers: Int
  public var width: Int
  /// The number of groups of the linear layers; `width` must be a multiple of it.
  public var groups: Int
  public var options: TrainingOptions
  public var encoding: GraphEncoding?

  public init(
    layers: Int = 3, width: Int = 64, groups: Int = 4, options: TrainingOptions = .graphNetwork(),
    encoding: GraphEncoding? = nil
  ) {
    self.layers = layers
    self.width = width
    self.groups = groups
    self.options = options
    self.encoding = encoding
  }

  public func validate() throws {
    try require(layers, in: 1...1024, "layers", usual: "3")
    try require(width, in: 1...65536, "units", usual: "64")
    guard groups >= 1, width % groups == 0 else {
      throw InputError(
        "the width \(width) can't be cut into \(groups) groups", remedy: "Use a multiple of the groups.")
    }
  }

  public func makeEncoding(fitting graphs: [NetworkGraph]) throws -> GraphEncoding {
    try GraphEncoding(fitting: graphs, direction: .both, selfLoops: false, globalNode: false)
  }

  public func makeNetwork(features: Int) -> NARFormerV2Network { NARFormerV2Network(self, features: features) }
}

public struct NARFormerV2Network: GraphNetwork {
  public let layout: ParameterLayout
  private let first: Linear
  private let layers: [GraphAidedLayer]
  private let head: PerceptronLayers

  init(_ recipe: NARFormerV2, features: Int) {
    var layout = ParameterLayout()
    first = Linear("first", inputs: features, outputs: recipe.width, in: &layout)
    layers = (0..<recipe.layers).map {
      GraphAidedLayer("layers.\($0)", width: recipe.width, groups: recipe.groups, in: &layout)
    }
    head = PerceptronLayers("head", widths: [recipe.width, recipe.width, 1], in: &layout)
    self.layout = layout
  }

  public func outputs(_ rows: GraphRows, _ weights: Weights, dropoutSeed: UInt64?) throws -> Variable {
    var x = try first(rows.features, weights)
    let edges = try rows.edges()
    let degrees = try (rows.degrees + 1).map(.log)
    for layer in layers { x = try layer(x, edges, degrees, weights) }
    return try head(rows.graphs.sums.sums(of: x), weights)
  }
}

/// One layer of NAR-Former V2.
struct GraphAidedLayer: Sendable {
  private let norm: LayerNorm
  private let packed: Linear
  private let output: Linear
  private let root: Linear
  private let gate: Linear
  private let firstScale: ParameterLayout.Tensor
  private let secondNorm: LayerNorm
  private let groups: [PerceptronLayers]
  private let secondScale: ParameterLayout.Tensor
  private let width: Int

  init(_ name: String, width: Int, groups: Int, in layout: inout ParameterLayout) {
    self.width = width
    norm = LayerNorm("\(name).norm1", width: width, in: &layout)
    packed = Linear("\(name).packed", inputs: width, outputs: 3 * width, in: &layout)
    output = Linear("\(name).output", inputs: width, outputs: width, in: &layout)
    root = Linear("\(name).root", inputs: width, outputs: width, bias: false, in: &layout)
    gate = Linear("\(name).gate", inputs: 1, outputs: width, activation: .sigmoid, in: &layout)
    firstScale = layout.add("\(name).scale1", rows: 1, columns: width, .constant(1))
    secondNorm = LayerNorm("\(name).norm2", width: width, in: &layout)
    let part = width / groups
    self.groups = (0..<groups).map {
      PerceptronLayers("\(name).groups.\($0)", widths: [part, 4 * part, part], activation: .gelu, in: &layout)
    }
    secondScale = layout.add("\(name).scale2", rows: 1, columns: width, .constant(1))
  }

  func callAsFunction(
    _ x: Variable, _ edges: (rows: SparseMatrix, neighbours: SparseMatrix, byRow: Segments), _ degrees: Variable,
    _ weights: Weights
  ) throws -> Variable {
    let y = try norm(x, weights)
    let packed = try packed(y, weights)
    let queries = try edges.rows.sums(of: packed.columns(0..<width))
    let keys = try edges.neighbours.sums(of: packed.columns(width..<2 * width))
    let values = try edges.neighbours.sums(of: packed.columns(2 * width..<3 * width))
    let shares = try ((queries * keys).rowSums() / Double(width).squareRoot()).map(.sigmoid)
    // The small number avoids a division by 0 for rows without neighbours.
    let attention = try edges.byRow.sums.sums(of: values * shares) / (edges.byRow.sums.sums(of: shares) + 1e-6)
    let joined = try (output(attention, weights) + root(y, weights)).normalisedRows()
    var x = try x + joined * gate(degrees, weights) * weights[firstScale]
    let z = try secondNorm(x, weights)
    let part = width / groups.count
    let parts = try groups.enumerated().map { index, group in
      try group(z.columns(index * part..<(index + 1) * part), weights)
    }
    x = try x + Variable.joinedColumns(parts) * weights[secondScale]
    return x
  }
}
