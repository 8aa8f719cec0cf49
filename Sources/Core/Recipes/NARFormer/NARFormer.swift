import Numerics

/// A reduced NAR-Former (Yi and others, CVPR 2023): a transformer whose tokens are the nodes of a network.
///
/// Tokens (`TokenEncoding`) pass a linear layer, transformer blocks with pre-norm, three stages of learned queries
/// that pool all tokens into 4, 2 and 1 rows, and a perceptron. Training minimises
///
///     loss(output, target) + 0.1 |differences of outputs - differences of targets| + 0.5 (output - output')^2
///
/// The differences are those between each network of a batch and the next one; output' is the output for the same
/// network with its nodes in another topological order, so that the order hardly matters.
///
/// ```swift
/// let fit = try NARFormer().fit(to: data, split: split, label: "NAR-Former")
/// ```
///
/// The paper uses six blocks of width 192 with six heads, dropout of 0.1, a moving average of weights and 4,000
/// epochs, which would take an hour on two cores. The defaults here are three blocks of width 64 with four heads, 120
/// epochs with a cosine schedule, no dropout, and four orders for each network, drawn once. The linear layer before
/// the blocks is Labbook's addition: the attributes of nodes need one.
public struct NARFormer: GraphNetworkRecipe {
  public static let family = "nar-former"

  public var blocks: Int
  public var width: Int
  /// The number of heads; `width` must be a multiple of it.
  public var heads: Int
  /// The number of sines and cosines that encode a number.
  public var frequencies: Int
  /// The number of other orders of each training network's nodes; 0 for a single order.
  public var orders: Int
  public var options: TrainingOptions
  public var encoding: TokenEncoding?

  public init(
    blocks: Int = 3, width: Int = 64, heads: Int = 4, frequencies: Int = 16, orders: Int = 4,
    options: TrainingOptions = .graphNetwork(epochs: 120, learningRate: 1e-3), encoding: TokenEncoding? = nil
  ) {
    self.blocks = blocks
    self.width = width
    self.heads = heads
    self.frequencies = frequencies
    self.orders = orders
    self.options = options
    self.encoding = encoding
  }

  public func validate() throws {
    try require(blocks, in: 1...1024, "blocks", usual: "3")
    try require(width, in: 1...65536, "numbers in a token", usual: "64")
    try require(frequencies, in: 1...4096, "frequencies", usual: "16")
    try require(orders, in: 0...1024, "orders", usual: "4")
    guard heads >= 1, width % heads == 0 else {
      throw InputError("the width \(width) can't be shared by \(heads) heads", remedy: "Use a multiple of the heads.")
    }
  }

  public func makeEncoding(fitting graphs: [NetworkGraph]) throws -> TokenEncoding {
    TokenEncoding(nodes: try GraphEncoding(fitting: graphs, globalNode: false), frequencies: frequencies)
  }

  /// The graphs, then all of them in another order, and so on.
  public func encode(_ graphs: [NetworkGraph], with encoding: TokenEncoding) throws -> EncodedGraphs {
    var random = SeededGenerator(seed: options.seed ^ 0x6F72_6465_7273)
    var all = graphs.map { ($0, $0.topologicalOrder()) }
    for _ in 0..<orders {
      all += graphs.map { ($0, $0.topologicalOrder { Int.random(in: 0..<$0, using: &random) }) }
    }
    return try encoding.encode(all)
  }

  public func makeNetwork(features: Int) -> NARFormerNetwork { NARFormerNetwork(self, features: features) }
}

public struct NARFormerNetwork: GraphNetwork {
  public let layout: ParameterLayout
  private let orders: Int
  private let first: Linear
  private let blocks: [TransformerLayer]
  private let stages: [QueryPooling]
  private let head: PerceptronLayers

  init(_ recipe: NARFormer, features: Int) {
    var layout = ParameterLayout()
    let width = recipe.width
    orders = recipe.orders
    first = Linear("first", inputs: features, outputs: width, in: &layout)
    blocks = (0..<recipe.blocks).map {
      TransformerLayer("blocks.\($0)", width: width, heads: recipe.heads, activation: .relu, in: &layout)
    }
    stages = [4, 2, 1].map { QueryPooling("stages.\($0)", width: width, queries: $0, in: &layout) }
    head = PerceptronLayers("head", widths: [width, width, 1], in: &layout)
    self.layout = layout
  }

  public func outputs(_ rows: GraphRows, _ weights: Weights, dropoutSeed: UInt64?) throws -> Variable {
    var x = try first(rows.features, weights)
    for block in blocks { x = try block(x, rows.graphs, weights) }
    var groups = rows.graphs
    for stage in stages {
      x = try stage(x, groups, weights)
      groups = Segments(lengths: Array(repeating: stage.queries.rows, count: groups.count))
    }
    return try head(x, weights)
  }

  public func objective(_ batch: TrainingBatch, of encoded: EncodedGraphs, _ weights: Weights) throws -> Variable? {
    guard let seed = batch.dropoutSeed else { return nil }
    let (tape, count) = (weights.tape, batch.samples.count)
    let graphs = encoded.count / (orders + 1)
    // The same networks in one of their other orders.
    let shift = orders > 0 ? graphs * (1 + Int(seed % UInt64(orders))) : 0
    let samples = orders > 0 ? batch.samples + batch.samples.map { $0 + shift } : batch.samples
    let all = try outputs(GraphRows(samples, of: encoded, on: tape), weights, dropoutSeed: seed)
    let outputs = try all.rows(0..<count)
    var loss = try batch.meanLoss(of: outputs)
    if count > 1 {
      func differences(_ x: Variable) throws -> Variable {
        try x - Variable.joinedRows([x.rows(1..<count), x.rows(0..<1)])
      }
      loss =
        try loss + 0.1 * differences(outputs).absoluteError(from: differences(batch.targets(on: tape)))
    }
    if orders > 0 { loss = try loss + 0.5 * outputs.squaredError(from: all.rows(count..<2 * count)) }
    return loss
  }
}
