/// BRP-NAS's latency predictor (Dudziak and others, NeurIPS 2020) as published: a `GCNRecipe` with the paper's
/// network, encoding and training.
///
/// Four graph convolutions of 600 units on one-hot operations; each node aggregates itself and its successors; a
/// global node; layer norm; dropout of 0.002. Training: AdamW at 4e-4 with weight decay 5e-4; batches of one network;
/// the absolute error of latencies scaled to [0, 1]; the rate is halved on plateaus from epoch 20 on; training stops
/// after 35 epochs without progress or after 250; the weights are those of the best epoch on the validation part.
///
/// ```swift
/// let fit = try BRPNAS(seed: 1).fit(to: data, split: split, label: "BRP-NAS")
/// ```
///
/// Unlike in the paper's program, initial weights are uniform within 1 / sqrt(inputs) in place of 1 / sqrt(units),
/// biases begin at 0, and any decrease of the validation loss from the first epoch on counts as progress, where that
/// program asks for 1 % and begins to count after 20 epochs.
///
/// With 900 networks this takes some minutes on two cores; `units: 100` takes a small fraction of that. As in the
/// paper, attributes of nodes, which cells don't have, are not used.
public struct BRPNAS: Recipe {
  public typealias Predictor = GCNPredictor
  public static let family = "brp-nas"

  public var units: Int
  public var epochs: Int
  public var seed: UInt64

  public init(units: Int = 600, epochs: Int = 250, seed: UInt64 = TrainingContext.current.seed) {
    self.units = units
    self.epochs = epochs
    self.seed = seed
  }

  public func reseeded(by offset: UInt64) -> BRPNAS { BRPNAS(units: units, epochs: epochs, seed: seed &+ offset) }

  /// The GCN and its training.
  ///
  /// - Parameter graphs: The graphs of the training part.
  /// - Throws: `InputError` when there are no graphs, or a graph has an unknown operation.
  public func recipe(fitting graphs: [NetworkGraph]) throws -> GCNRecipe {
    GCNRecipe(
      GCN.Configuration(layers: 4, hiddenUnits: units, dropout: 0.002),
      options: TrainingOptions(
        epochs: epochs, batchSize: 1, learningRate: 4e-4,
        schedule: .reduceOnPlateau(factor: 0.5, patience: 10, firstEpoch: 20), optimizer: .adamW(weightDecay: 5e-4),
        loss: .absolute, targetScaling: .linear, weights: .bestEpoch, earlyStopping: EarlyStopping(patience: 35),
        seed: seed),
      encoding: try GraphEncoding(fitting: graphs, quantities: []))
  }

  /// - Throws: The errors of `GCNRecipe`.
  public func learn(from data: Dataset, split: Split, in context: TrainingContext) throws -> Fit<BRPNAS> {
    let fit = try recipe(fitting: data[split.training].graphs).learn(from: data, split: split, in: context)
    return Fit(self, fit.predictor, curve: fit.curve, chosenEpoch: fit.chosenEpoch, seconds: fit.seconds)
  }
}
