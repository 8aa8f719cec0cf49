import Numerics

/// GATES (Ning and others, ECCV 2020): information flows along the edges, and operations gate it.
///
/// Let `x` be the information of a node, `o` its operation with its attributes, `g(o)` the gate `sigmoid(W_o e(o))`
/// of the operation's embedding `e(o)`, and `P` the sum over a node's predecessors. With operations on nodes
///
///     x = g(o) * (P x W) + x W + b
///
/// With operations on edges, as in NAS-Bench-201, an operation gates the information that leaves it. A node here is
/// an edge there, and `x` is the information that flows into it, from the map that it comes from:
///
///     x = relu(P (g(o) * (x W)) + s x W)
///
/// `s` is 1 for nodes without predecessors, which keep their own information, else 0. The output is a perceptron on
/// the information of the last nodes of each graph, those without successors (a cell has one), or on the mean over
/// all nodes: in networks deeper than the number of layers, information from the beginning doesn't reach the end.
///
/// It learns to rank: a pair of networks costs the difference if its scores are in the wrong order or differ by less
/// than a margin. An `IsotonicCalibration` on the training part turns the scores into latencies.
///
/// ```swift
/// let fit = try GATES(operations: .onEdges).fit(to: data, split: split, label: "GATES")
/// ```
///
/// The paper has 5 layers of 128 units for NAS-Bench-201 and a hidden layer of 300 after them, batches of 128, and
/// all pairs of a batch up to 4 n. Joining the attributes to the operation's embedding, and taking edges from nodes,
/// is Labbook's interpretation.
public struct GATES: GraphNetworkRecipe {
  public static let family = "gates"

  /// The information that operations gate.
  public enum Operations: String, Codable, Hashable, Sendable, CaseIterable {
    /// An operation gates the information that reaches it.
    case onNodes
    /// An operation gates the information that leaves it.
    case onEdges
  }

  /// The input of the perceptron.
  public enum Readout: String, Codable, Hashable, Sendable, CaseIterable {
    /// The information of the last nodes. It needs as many layers as the longest path has edges.
    case output
    /// The mean of the information of all nodes.
    case mean
  }

  /// The objective of training.
  public enum Objective: Codable, Hashable, Sendable {
    /// The order of the networks, with scores that differ by at least this margin.
    case ranking(margin: Double = 0.1)
    /// The latency, by the options' loss.
    case latency
  }

  public var operations: Operations
  public var objective: Objective
  public var readout: Readout
  public var layers: Int
  public var units: Int
  /// The width of the operations' embedding, and of the initial information vector.
  public var embedding: Int
  public var options: TrainingOptions
  public var encoding: GraphEncoding?

  /// - Parameter readout: The readout; nil takes `output` for operations on edges, as in cells, and `mean` for
  ///   operations on nodes.
  public init(
    operations: Operations = .onEdges, objective: Objective = .ranking(), readout: Readout? = nil, layers: Int = 5,
    units: Int = 64,
    embedding: Int = 48, options: TrainingOptions = .graphNetwork(epochs: 150, batchSize: 64),
    encoding: GraphEncoding? = nil
  ) {
    self.operations = operations
    self.objective = objective
    self.readout = readout ?? (operations == .onEdges ? .output : .mean)
    self.layers = layers
    self.units = units
    self.embedding = embedding
    self.options = options
    self.encoding = encoding
  }

  public var isRanking: Bool {
    if case .ranking = objective { true } else { ranksByLoss }
  }

  public func validate() throws {
    try require(layers, in: 1...1024, "layers", usual: "5")
    try require(units, in: 1...65536, "units", usual: "64")
    try require(embedding, in: 1...65536, "numbers in an embedding", usual: "48")
    if case .ranking(let margin) = objective, !(margin > 0 && margin.isFinite) {
      throw InputError.scoreMargin(margin)
    }
  }

  public func makeEncoding(fitting graphs: [NetworkGraph]) throws -> GraphEncoding {
    try GraphEncoding(fitting: graphs, direction: .backward, selfLoops: false, globalNode: false)
  }

  public func makeNetwork(features: Int) -> GATESNetwork { GATESNetwork(self, features: features) }
}

public struct GATESNetwork: GraphNetwork {
  public let layout: ParameterLayout
  private let operations: GATES.Operations
  private let objective: GATES.Objective
  private let readout: GATES.Readout
  private let embedding: Linear
  private let start: ParameterLayout.Tensor
  private let first: Linear
  private let layers: [Layer]
  private let head: PerceptronLayers

  /// A layer with the gates and the information that they gate.
  private struct Layer: Sendable {
    let gate: Linear
    let information: Linear
  }

  init(_ recipe: GATES, features: Int) {
    var layout = ParameterLayout()
    operations = recipe.operations
    objective = recipe.objective
    readout = recipe.readout
    embedding = Linear("embedding", inputs: features, outputs: recipe.embedding, in: &layout)
    start = layout.add("start", rows: 1, columns: recipe.embedding, .uniform(bound: 1))
    first = Linear("first", inputs: recipe.embedding, outputs: recipe.units, in: &layout)
    layers = (0..<recipe.layers).map {
      Layer(
        gate: Linear(
          "layers.\($0).gate", inputs: recipe.embedding, outputs: recipe.units, activation: .sigmoid, in: &layout),
        information: Linear("layers.\($0).information", inputs: recipe.units, outputs: recipe.units, in: &layout))
    }
    head = PerceptronLayers("head", widths: [recipe.units, 2 * recipe.units, 1], in: &layout)
    self.layout = layout
  }

  public func outputs(_ rows: GraphRows, _ weights: Weights, dropoutSeed: UInt64?) throws -> Variable {
    let operation = try embedding(rows.features, weights)
    let predecessors = try rows.neighbourSums()
    // Information enters at nodes without predecessors.
    let isSource = try 1 - rows.degrees.map(.sign)
    var x = try first(isSource * weights[start], weights)
    for (index, layer) in layers.enumerated() {
      let (gate, information) = (try layer.gate(operation, weights), try layer.information(x, weights))
      switch operations {
      case .onNodes: x = try gate * predecessors.sums(of: information) + information
      case .onEdges: x = try predecessors.sums(of: gate * information) + isSource * information
      }
      if index < layers.count - 1 { x = try x.map(.relu) }
    }
    switch readout {
    case .output: return try head(rows.graphs.sums.sums(of: x * isSink(rows, predecessors)), weights)
    case .mean: return try head(rows.graphs.means.sums(of: x), weights)
    }
  }

  /// The value 1 for nodes with predecessors and without successors; for all nodes of a graph without edges.
  private func isSink(_ rows: GraphRows, _ predecessors: SparseMatrix) throws -> Variable {
    let one = rows.tape.constant(1, rows: rows.rowCount, columns: 1)
    let successors = try predecessors.scatteredSums(of: one).map(.sign)
    let isSink = try rows.degrees.map(.sign) * (1 - successors)
    // A graph without edges has no such node.
    let found = try rows.graphs.sums.scatteredSums(of: rows.graphs.sums.sums(of: isSink)).map(.sign)
    return try isSink + (1 - found)
  }

  public func objective(_ batch: TrainingBatch, of encoded: EncodedGraphs, _ weights: Weights) throws -> Variable? {
    guard case .ranking(let margin) = objective else { return nil }
    return try outputs(
      GraphRows(batch.samples, of: encoded, on: weights.tape), weights, dropoutSeed: batch.dropoutSeed
    ).pairwiseRankingHinge(against: batch.targets(on: weights.tape), margin: margin)
  }
}
