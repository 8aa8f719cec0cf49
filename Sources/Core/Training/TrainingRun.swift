import Foundation
import Numerics

/// One training run: what was asked for, how it went, and the predictor that came of it.
public struct TrainingRun: Codable, Hashable, Sendable {
  /// What charts and tables call it.
  public var label: String
  public var configuration: GCN.Configuration
  public var options: TrainingOptions
  /// One record for each epoch, in order.
  public var history: [EpochRecord]
  /// The epoch, from 1, whose weights the predictor has: by `options.weights` the one of the least validation loss, or the
  /// last; of averaged weights the last.
  public var bestEpoch: Int
  /// Wall-clock seconds of the whole run.
  @WallClock public var seconds: Double
  public var predictor: GCNPredictor

  public init(
    label: String, configuration: GCN.Configuration, options: TrainingOptions, history: [EpochRecord], bestEpoch: Int,
    seconds: Double, predictor: GCNPredictor
  ) {
    self.label = label
    self.configuration = configuration
    self.options = options
    self.history = history
    self.bestEpoch = bestEpoch
    self.seconds = seconds
    self.predictor = predictor
  }
}

/// Trains a GCN to predict the latencies of a data set.
///
/// The same arguments give the same weights, to the last bit, on the same machine, also when the process was ended on the
/// way and `TrainingCheckpoints` are kept.
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
///   - split: Its training part is learned from; its validation part chooses the best epoch. The test part is not looked
///     at.
///   - encoding: How graphs become numbers; if nil, one fitted to the training part.
///   - label: What progress, charts and tables call the run; in a sweep, if empty, its point.
/// - Throws: `InputError` when a setting or the data can't be used, `TrainingDivergence` when the loss leaves all bounds.
public func train(
  _ configuration: GCN.Configuration = GCN.Configuration(), on data: Dataset, split: Split,
  encoding: GraphEncoding? = nil, options: TrainingOptions = TrainingOptions(), label: String = ""
) throws -> TrainingRun {
  let label = label.isEmpty ? SweepPoint.current ?? "" : label
  try split.requireTraining(of: data)
  let used = split.training + split.validation
  let encoding = try encoding ?? GraphEncoding(fitting: data[split.training].graphs)
  if configuration.readout == .globalNode, !encoding.globalNode {
    throw InputError(
      "the readout is the global node's, but the encoding has none",
      remedy: "Encode with a global node, or use the readout .mean or .sum.")
  }
  let samples = data[used]
  let graphs = try encoding.encode(samples.graphs)
  let baseline = try options.baseline.fitted(to: data[split.training])
  let targets = try baseline.map { zip(samples.latencies, try $0.predict(samples.graphs)).map(/) } ?? samples.latencies
  let checkpoint = try TrainingCheckpoints.checkpoint(
    of: RunContent(
      configuration: configuration, options: options, label: label, encoding: encoding, unit: data.unit,
      device: data.device, trainingCount: split.training.count
    ).digest(graphs, targets))
  let kept = checkpoint?.load()
  if case .finished(let run) = kept {
    for record in run.history {
      TrainingProgress.report(label, record, of: options.epochs, earlier: run.history.count)
    }
    return run
  }
  var state: TrainerState?
  if case .unfinished(let unfinished) = kept { state = unfinished }
  let trained = try Trainer(
    configuration, graphs: graphs, targets: targets, training: Array(0..<split.training.count),
    validation: Array(split.training.count..<used.count), options: options, label: label
  ).run(from: state, checkpoint: checkpoint)
  let predictor = GCNPredictor(
    network: trained.network, encoding: encoding, scale: trained.scale, baseline: baseline, unit: data.unit,
    device: data.device)
  let run = TrainingRun(
    label: label, configuration: configuration, options: options, history: trained.history,
    bestEpoch: trained.bestEpoch, seconds: trained.seconds, predictor: predictor)
  checkpoint?.keep(run)
  return run
}

extension Split {
  /// - Throws: `InputError` unless there is something to train on and `data` has all of it.
  func requireTraining(of data: Dataset) throws {
    if let index = (training + validation).first(where: { $0 >= data.count }) {
      throw InputError(
        "the split names sample \(index) of \(data.count)", remedy: "Use a split of this very data set.")
    }
    if training.isEmpty {
      throw InputError(
        "the training part is empty", remedy: "Split the data so that some samples are left to train on.")
    }
  }
}

/// What the result of `train` depends on.
private struct RunContent: Encodable {
  var configuration: GCN.Configuration
  var options: TrainingOptions
  var label: String
  var encoding: GraphEncoding
  var unit: String
  var device: String
  var trainingCount: Int
  /// They decide on the last bits.
  var kernels = [MatrixKernels.name, MatrixKernels.instructions ?? "none"]

  /// 64 hexadecimal digits.
  func digest(_ graphs: EncodedGraphs, _ targets: [Double]) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let digest = ContentDigest()
    digest.add(try encoder.encode(self))
    digest.add(graphs.nodeOffsets)
    digest.add(graphs.features)
    digest.add(graphs.neighbourOffsets)
    digest.add(graphs.neighbours)
    digest.add(targets)
    return digest.finish().map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }
}
