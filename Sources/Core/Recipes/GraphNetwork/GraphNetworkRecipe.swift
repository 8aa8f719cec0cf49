import Numerics

/// A family of neural networks on graphs: its settings, the encoding and the network that they make. Training,
/// predicting and files are the same for all of them.
///
/// A new family is a type like `NNLQP`: settings, `family`, and `makeNetwork(features:)`.
public protocol GraphNetworkRecipe: Recipe where Predictor == GraphNetworkPredictor<Self> {
  associatedtype Encoding: GraphRowEncoding = GraphEncoding
  associatedtype Network: GraphNetwork

  /// What files call the family.
  static var family: String { get }

  var options: TrainingOptions { get set }

  /// How graphs become numbers; nil for an encoding that is fitted to the training part.
  var encoding: Encoding? { get set }

  /// - Throws: `InputError` when a setting is out of its range.
  func validate() throws

  /// The encoding that suits these graphs.
  /// - Throws: `InputError` when there are none, or one has an unknown operation.
  func makeEncoding(fitting graphs: [NetworkGraph]) throws -> Encoding

  /// The network for rows of so many features.
  func makeNetwork(features: Int) -> Network

  /// More encoded graphs behind those of `graphs`, for objectives that compare a graph with others. By default none.
  func encode(_ graphs: [NetworkGraph], with encoding: Encoding) throws -> EncodedGraphs

  /// Whether outputs are in the latencies' order only, so that the training part has to say which latency each stands
  /// for. By default where the loss is of pairs alone: `.rankingHinge(share: 1)`.
  var isRanking: Bool { get }
}

extension GraphNetworkRecipe {
  public var isRanking: Bool { ranksByLoss }

  var ranksByLoss: Bool {
    if case .rankingHinge(_, let share) = options.loss { share == 1 } else { false }
  }

  public func reseeded(by offset: UInt64) -> Self {
    var recipe = self
    recipe.options.seed &+= offset
    return recipe
  }

  public func settled(on graphs: [NetworkGraph]) throws -> Self {
    var recipe = self
    recipe.encoding = try encoding ?? makeEncoding(fitting: graphs)
    return recipe
  }

  public func encode(_ graphs: [NetworkGraph], with encoding: Encoding) throws -> EncodedGraphs {
    try encoding.encode(graphs)
  }

  /// - Throws: `InputError` when a setting or the data can't be used, `TrainingDivergence` when the loss leaves all
  ///   bounds.
  public func learn(from data: Dataset, split: Split, in context: TrainingContext) throws -> Fit<Self> {
    try validate()
    let used = split.training + split.validation
    let encoding = try encoding ?? makeEncoding(fitting: data[split.training].graphs)
    let samples = data[used]
    let encoded = try encode(samples.graphs, with: encoding)
    let model = GraphNetworkModel(network: makeNetwork(features: encoding.featureCount))
    let training = Array(0..<split.training.count)
    let trained = try TapeTrainer(
      model, inputs: encoded, targets: samples.latencies, training: training,
      validation: Array(split.training.count..<used.count), options: options, context: context
    ).run(from: context.checkpoint?.state(TrainerState.self))
    var ranks: IsotonicCalibration?
    if isRanking {
      let outputs = try model.outputs(
        training.count, of: encoded, parameters: ParameterVector(model.layout, values: trained.parameters),
        on: Tape(threads: context.threads))
      ranks = IsotonicCalibration(outputs.map(Double.init), targets: data[split.training].latencies)
    }
    return Fit(
      self,
      Predictor(
        recipe: self, encoding: encoding, parameters: trained.parameters, scale: trained.scale, ranks: ranks,
        unit: data.unit, device: data.measuredOn),
      curve: trained.curve, chosenEpoch: trained.chosenEpoch, seconds: trained.seconds)
  }

  /// - Throws: `InputError` unless the setting is in the range.
  func require(_ value: Int, in range: ClosedRange<Int>, _ what: String, usual: String) throws {
    if !range.contains(value) {
      throw InputError(
        "\(Self.family) can't have \(value) \(what)",
        remedy: "Use \(range.lowerBound) to \(range.upperBound); \(usual) is usual.")
    }
  }

  /// - Throws: `InputError` unless it is a probability below 1.
  func requireDropout(_ dropout: Double) throws {
    if !(dropout >= 0 && dropout <= 0.99) {
      throw InputError("the dropout probability \(dropout) is not between 0 and 0.99", remedy: "0.1 is usual.")
    }
  }
}
