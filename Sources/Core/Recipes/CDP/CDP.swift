import Numerics

/// CDP (Liu and others, NeurIPS 2022): the knowledge of one search space or device is transferred to another one, of
/// which only the networks are known (domain adaptation).
///
/// Graph convolutions in both directions map each network to a vector, from which a linear layer predicts the scaled
/// logarithm of the latency. Training minimises the squared error on the labelled networks, and the distance between
/// the vectors of both spaces, class by class (local maximum mean discrepancy, LMMD):
///
///     loss = mean of (output - target)^2 + weight * lambda * LMMD,  lambda = 2 / (1 + e^(-10 t)) - 1
///
/// with t from 0 to 1 over training. Classes are ranges of the latency; those of unlabelled networks follow from
/// their predictions. There is first one class, then two, then three. For the first 15 % of training the networks of
/// an assistant space between the two can replace the target's.
///
/// ```swift
/// let known = try CDP().pretrain(on: source)                  // labelled networks
/// let fit = try known.fit(to: target, split: split)           // the training part's first 10 latencies set the scale
/// let control = try CDP(weight: 0).pretrain(on: source).fit(to: target, split: split)
/// ```
///
/// All networks of the training part are used, but only the first `labels` latencies: after training, they fit a line
/// from outputs to logarithms. In an `Ensemble`, the weights depend on all latencies of the training part. `weight: 0`
/// is the control: the same network without adaptation. The paper predicts accuracy with five layers of 144 units, a
/// vector of 128 and batches of 1000 over 50 epochs; here there are three layers of 64 and batches of 256. With batches
/// of 64, so few networks are in a class that the discrepancy's noise outweighs the error, and the vectors become the
/// same. The growth of the number of classes is Labbook's interpretation.
public struct CDP: TransferRecipe {
  public typealias Predictor = CDPPredictor

  /// The weight of the discrepancy; 0 for the control.
  public var weight: Double
  /// The number of latencies of the training part that set the scale.
  public var labels: Int
  public var layers: Int
  public var units: Int
  public var vector: Int
  public var options: TrainingOptions
  /// Networks of an assistant space between both spaces; may be empty.
  public var assistants: [NetworkGraph]
  /// The source networks, whose latencies are known; empty before pretraining.
  private(set) var graphs: [NetworkGraph] = []
  /// The scaled logarithms of the source networks' latencies.
  private(set) var targets: [Double] = []
  /// The mean over the devices of the standard deviation of their logarithms; nil before pretraining, and in what
  /// earlier versions stored.
  private var typicalDeviation: Double?

  public init(
    weight: Double = 1, labels: Int = 10, layers: Int = 3, units: Int = 64, vector: Int = 64,
    assistants: [NetworkGraph] = [],
    options: TrainingOptions = .graphNetwork(
      epochs: 60, batchSize: 256, loss: .squared)
  ) {
    self.weight = weight
    self.labels = labels
    self.layers = layers
    self.units = units
    self.vector = vector
    self.assistants = assistants
    self.options = options
  }

  public func reseeded(by offset: UInt64) -> CDP {
    var recipe = self
    recipe.options.seed &+= offset
    return recipe
  }

  /// Stores the labelled networks of all devices, with latencies scaled for each device separately. Training also
  /// needs the target networks, so it is a part of fitting.
  ///
  /// - Throws: `InputError` when a setting is out of its range, there are no devices, or one has no measurements.
  public func pretrain(on data: LatencyData, in context: TrainingContext) throws -> CDP {
    try validate()
    try data.requireDevices()
    var result = self
    (result.graphs, result.targets) = ([], [])
    var logarithms: [[Double]] = []
    for device in data.devices {
      let column = try data[device: device.name]
      result.graphs += column.graphs
      logarithms.append(column.latencies.map { CorrectlyRounded.log($0) })
    }
    result.targets = logarithms.flatMap(LogarithmScale.standardised)
    result.typicalDeviation = LogarithmScale.typicalDeviation(logarithms)
    return result
  }

  /// - Throws: `InputError` before pretraining, when a setting or the data is invalid, and when one of the first
  ///   `labels` latencies is not above 0.
  public func learn(from data: Dataset, split: Split, in context: TrainingContext) throws -> Fit<CDP> {
    try validate()
    guard !graphs.isEmpty else { throw InputError.notPretrained("CDP") }
    let target = data[split.training]
    let labelled = target[Array(0..<min(max(labels, 1), target.count))]
    try labelled.requirePositiveLatencies(for: "CDP needs")
    let all = graphs + target.graphs + assistants
    let encoding = try GraphEncoding(fitting: all, direction: .backward, globalNode: false)
    let inputs = CDPInputs(
      encoded: try encoding.encode(all), targets: graphs.count..<graphs.count + target.count,
      assistants: graphs.count + target.count..<all.count)
    let network = CDPNetwork(self, features: encoding.featureCount)
    let trained = try TapeTrainer(
      network, inputs: inputs, targets: targets + Array(repeating: 0, count: all.count - graphs.count),
      training: Array(graphs.indices), validation: [], options: options, context: context,
      scale: .asItIs
    ).run()
    let outputs = try network.outputs(
      labelled.count,
      of: CDPInputs(encoded: encoding.encode(labelled.graphs), targets: 0..<0, assistants: 0..<0),
      parameters: ParameterVector(network.layout, values: trained.parameters), on: Tape(threads: context.threads)
    ).map(Double.init)
    let logarithms = labelled.latencies.map { CorrectlyRounded.log($0) }
    var settings = self
    (settings.graphs, settings.targets, settings.assistants) = ([], [], [])
    settings.typicalDeviation = nil
    return Fit(
      self,
      CDPPredictor(
        recipe: settings, encoding: encoding, parameters: trained.parameters,
        scale: LogarithmScale(
          fittingLineTo: outputs, logarithms: logarithms,
          prior: LogarithmScale(logarithms, typicalDeviation: typicalDeviation)),
        unit: data.unit, device: data.measuredOn),
      curve: trained.curve, chosenEpoch: trained.chosenEpoch, seconds: trained.seconds)
  }

  func validate() throws {
    func require(_ value: Int, _ what: String) throws {
      if !(1...65536 ~= value) { throw InputError("CDP can't have \(value) \(what)", remedy: "Use 1 to 65536.") }
    }
    try require(labels, "labels")
    try require(layers, "layers")
    try require(units, "units")
    try require(vector, "numbers in a network's vector")
    if !(weight >= 0 && weight.isFinite) {
      throw InputError(
        "the weight \(weight) of the discrepancy is not a number of 0 or more",
        remedy: "Use 0 for no adaptation; 1 is usual.")
    }
  }
}
