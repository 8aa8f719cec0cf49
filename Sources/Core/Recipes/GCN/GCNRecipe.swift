import Numerics

/// A GCN and its training.
///
/// ```swift
/// let recipe = GCNRecipe(
///   GCN.Configuration(layers: 4, hiddenUnits: 64), context: [.ancestors, .descendants],
///   options: TrainingOptions(epochs: 100, learningRate: 1e-3, seed: 1))
/// let fit = try recipe.fit(to: data, split: split)
/// ```
public struct GCNRecipe: Recipe {
  public typealias Predictor = GCNPredictor

  /// The network's shape.
  public var configuration: GCN.Configuration
  /// The features of nodes about the rest of their graph, in an encoding that is fitted to the training part.
  public var context: [NodeContext]
  public var options: TrainingOptions
  /// An encoding to use instead of a fitted one; nil for the fitted one.
  public var encoding: GraphEncoding?

  public init(
    _ configuration: GCN.Configuration = GCN.Configuration(), context: [NodeContext] = [],
    options: TrainingOptions = TrainingOptions(), encoding: GraphEncoding? = nil
  ) {
    self.configuration = configuration
    self.context = context
    self.options = options
    self.encoding = encoding
  }

  public func reseeded(by offset: UInt64) -> GCNRecipe {
    var recipe = self
    recipe.options.seed &+= offset
    return recipe
  }

  public func settled(on graphs: [NetworkGraph]) throws -> GCNRecipe {
    var recipe = self
    recipe.encoding = try encoding ?? GraphEncoding(fitting: graphs, context: context)
    return recipe
  }

  /// - Throws: `InputError` when a setting or the data is invalid, `TrainingDivergence` when the loss diverges.
  public func learn(from data: Dataset, split: Split, in context: TrainingContext) throws -> Fit<GCNRecipe> {
    let used = split.training + split.validation
    let encoding = try encoding ?? GraphEncoding(fitting: data[split.training].graphs, context: self.context)
    if configuration.readout == .globalNode, !encoding.globalNode {
      throw InputError(
        "the readout is the global node's, but the encoding has none",
        remedy: "Encode with a global node, or use the readout .mean or .sum.")
    }
    let samples = data[used]
    let trained = try Trainer(
      configuration, graphs: encoding.encode(samples.graphs), targets: samples.latencies,
      training: Array(0..<split.training.count), validation: Array(split.training.count..<used.count),
      options: options, context: context
    ).run(from: context.checkpoint?.state(TrainerState.self))
    return Fit(
      self,
      GCNPredictor(
        network: trained.network, encoding: encoding, scale: trained.scale, head: options.loss.outputHead,
        unit: data.unit, device: data.measuredOn),
      curve: trained.curve, chosenEpoch: trained.chosenEpoch, seconds: trained.seconds)
  }
}

/// The result of training a GCN.
public typealias TrainingRun = Fit<GCNRecipe>

/// Trains a GCN to predict the latencies of a data set: `GCNRecipe` in one line.
///
/// ```swift
/// let run = try train(
///   GCN.Configuration(layers: 4, hiddenUnits: 64), on: data, split: data.split(.shuffled(seed: 1)),
///   options: TrainingOptions(epochs: 100, learningRate: 1e-3, seed: 1), label: "lr 0.001")
/// ```
///
/// - Parameters:
///   - configuration: The network's shape.
///   - data: Graphs and latencies.
///   - split: The training part is for learning, and the validation part chooses the best epoch. The test part is not
///     used.
///   - encoding: The encoding of graphs; nil fits one to the training part.
///   - label: The label of the run in progress, charts and tables. If it is empty in a sweep, it is the sweep's
///     point.
/// - Throws: `InputError` when a setting or the data is invalid, `TrainingDivergence` when the loss diverges.
public func train(
  _ configuration: GCN.Configuration = GCN.Configuration(), on data: Dataset, split: Split,
  encoding: GraphEncoding? = nil, options: TrainingOptions = TrainingOptions(), label: String = ""
) throws -> TrainingRun {
  try GCNRecipe(configuration, options: options, encoding: encoding).fit(to: data, split: split, label: label)
}

extension Fit<GCNRecipe> {
  /// The network's shape.
  public var configuration: GCN.Configuration { recipe.configuration }
  public var options: TrainingOptions { recipe.options }
}
