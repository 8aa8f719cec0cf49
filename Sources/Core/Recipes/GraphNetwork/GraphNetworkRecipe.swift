import Numerics

/// A family of neural networks on graphs: its settings, its encoding and its network. Training, predicting and files
/// are the same for all families.
///
/// A new family is a type like `NNLQP`: settings, `family`, and `makeNetwork(features:)`.
public protocol GraphNetworkRecipe: Recipe where Predictor == GraphNetworkPredictor<Self> {
  associatedtype Encoding: GraphRowEncoding = GraphEncoding
  associatedtype Network: GraphNetwork

  /// The name of the family in files.
  static var family: String { get }

  var options: TrainingOptions { get set }

  /// The encoding of graphs; nil for one that is fitted to the training part.
  var encoding: Encoding? { get set }

  /// - Throws: `InputError` when a setting is out of its range.
  func validate() throws

  /// The encoding for these graphs.
  /// - Throws: `InputError` when there are no graphs, or a graph has an unknown operation.
  func makeEncoding(fitting graphs: [NetworkGraph]) throws -> Encoding

  /// The network for rows with this number of features.
  func makeNetwork(features: Int) -> Network

  /// Encoded graphs to append to those of `graphs`, for objectives that compare a graph with others. The default is
  /// none.
  func encode(_ graphs: [NetworkGraph], with encoding: Encoding) throws -> EncodedGraphs

  /// Whether only the order of outputs is meaningful, so that a calibration on the training part must map them to
  /// latencies. By default true for the loss of pairs alone: `.rankingHinge(share: 1)`.
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

  /// - Throws: `InputError` when a setting or the data is invalid, `TrainingDivergence` when the loss diverges.
  public func learn(from data: Dataset, split: Split, in context: TrainingContext) throws -> Fit<Self> {
    try validate()
    let used = split.training + split.validation
    let encoding = try encoding ?? makeEncoding(fitting: data[split.training].graphs)
    let samples = data[used]
    // The calibration that makes latencies of ranks takes their logarithms.
    if isRanking { try samples.requirePositiveLatencies(for: "\(Self.family), which learns to rank, needs") }
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

  /// - Throws: `InputError` unless it is a probability of at most 0.99.
  func requireDropout(_ dropout: Double) throws {
    if !(dropout >= 0 && dropout <= 0.99) {
      throw InputError("the dropout probability \(dropout) is not between 0 and 0.99", remedy: "0.1 is usual.")
    }
  }
}
