import Numerics

/// A multilayer perceptron on the operations of a network, and its training:
///
///     x_0 = (sums - mean) / deviation;  x_(i+1) = dropout(relu(layerNorm(x_i W_i + b_i)));  output = x_n W_n + b_n
///
/// The sums are those of `OperationTerm` that differ between training graphs, as in `NearestNeighbors`. Mean and
/// standard deviation are those of the training part.
///
/// ```swift
/// let recipe = Perceptron(hiddenUnits: [128, 128], options: TrainingOptions(epochs: 200, seed: 1))
/// let fit = try recipe.fit(to: data, split: split, label: "perceptron")
/// ```
public struct Perceptron: Recipe {
  public typealias Predictor = PerceptronPredictor

  /// The units of each hidden layer.
  public var hiddenUnits: [Int]
  /// The probability in [0, 1) that a hidden unit's output is 0 while training.
  public var dropout: Double
  /// Whether each hidden layer is normalised before the activation.
  public var layerNorm: Bool
  public var options: TrainingOptions

  public init(
    hiddenUnits: [Int] = [64, 64], dropout: Double = 0, layerNorm: Bool = true,
    options: TrainingOptions = TrainingOptions()
  ) {
    self.hiddenUnits = hiddenUnits
    self.dropout = dropout
    self.layerNorm = layerNorm
    self.options = options
  }

  public func reseeded(by offset: UInt64) -> Perceptron {
    var recipe = self
    recipe.options.seed &+= offset
    return recipe
  }

  /// - Throws: `InputError` when a setting or the data is invalid, `TrainingDivergence` when the loss diverges.
  public func learn(from data: Dataset, split: Split, in context: TrainingContext) throws -> Fit<Perceptron> {
    let used = split.training + split.validation
    let samples = data[used]
    let features = try NetworkFeatures(fitting: data[split.training].graphs)
    let model = try PerceptronModel(
      inputs: features.terms.count, hiddenUnits: hiddenUnits, layerNorm: layerNorm, dropout: dropout,
      outputs: options.loss.outputHead.count)
    let trained = try TapeTrainer(
      model, inputs: features.rows(of: samples.graphs), targets: samples.latencies,
      training: Array(0..<split.training.count), validation: Array(split.training.count..<used.count),
      options: options, context: context
    ).run(from: context.checkpoint?.state(TrainerState.self))
    return Fit(
      self,
      PerceptronPredictor(
        features: features, model: model, parameters: trained.parameters, scale: trained.scale,
        head: options.loss.outputHead, unit: data.unit, device: data.measuredOn),
      curve: trained.curve, chosenEpoch: trained.chosenEpoch, seconds: trained.seconds)
  }
}

/// The perceptron on the tape.
struct PerceptronModel: TapeModel, Codable, Hashable {
  let inputs: Int
  let hiddenUnits: [Int]
  let layerNorm: Bool
  let dropout: Double
  /// The number of outputs; nil for one.
  private let outputs: Int?

  var outputCount: Int { outputs ?? 1 }

  /// - Throws: `InputError` when a setting is out of its range.
  init(inputs: Int, hiddenUnits: [Int], layerNorm: Bool, dropout: Double, outputs: Int = 1) throws {
    if let units = hiddenUnits.first(where: { !(1...65536 ~= $0) }) {
      throw InputError("a perceptron can't have a layer of \(units) units", remedy: "Use 1 to 65536; 64 is usual.")
    }
    if !(dropout >= 0 && dropout <= 0.99) {
      throw InputError("the dropout probability \(dropout) is not between 0 and 0.99", remedy: "0.1 is usual.")
    }
    self.inputs = inputs
    self.hiddenUnits = hiddenUnits
    self.layerNorm = layerNorm
    self.dropout = dropout
    self.outputs = outputs == 1 ? nil : outputs
  }

  private func build() -> (layers: PerceptronLayers, layout: ParameterLayout) {
    var layout = ParameterLayout()
    let layers = PerceptronLayers(
      "layers", widths: [inputs] + hiddenUnits + [outputCount], layerNorm: layerNorm, dropout: dropout, in: &layout)
    return (layers, layout)
  }

  var layout: ParameterLayout { build().layout }

  func outputs(
    _ samples: ArraySlice<Int>, of rows: SampleRows, _ weights: Weights, dropoutSeed: UInt64?
  ) throws -> Variable {
    try build().layers(rows.constant(samples, on: weights.tape), weights, dropoutSeed: dropoutSeed)
  }
}
