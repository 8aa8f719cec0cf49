import Foundation
import Numerics

/// The predictor of `FewShotTransfer`: the known devices' functions, the samples, and the weights of the kernels.
public struct FewShotPredictor: BatchPredictor {
  public static let family = "few-shot"

  let known: KnownDevices
  let samples: KnownNetworks
  /// The logarithms of the samples' latencies minus their mean.
  let targets: [Double]
  let mean: Double
  /// The inverse covariance matrix times the targets.
  let factors: [Double]
  /// The weights of the seven kernels and of the noise.
  let weights: [Double]
  public let device: Device

  init(
    known: KnownDevices, samples: KnownNetworks, targets: [Double], mean: Double, factors: [Double],
    weights: [Double], device: Device
  ) {
    self.known = known
    self.samples = samples
    self.targets = targets
    self.mean = mean
    self.factors = factors
    self.weights = weights
    self.device = device
  }

  public var unit: String { known.unit }

  /// The names of the known devices.
  public var sources: [String] { known.sources.map(\.device) }

  /// Warnings for the user: how networks are compared if not node by node.
  public var warnings: [String] { known.features.warning.map { [$0] } ?? [] }

  /// A warning for each node with an operation that no known network has, if networks are compared node by node.
  public func warnings(for graphs: [NetworkGraph]) -> [PredictionWarning] { known.features.warnings(for: graphs) }

  /// The names of the kernels, in the order of `shares`.
  public static let kernels = [
    "mean of known devices", "differences of known devices", "operation counts", "neighbourhood", "additive",
    "product", "work", "noise",
  ]

  /// The weight of each of `kernels`, as a fraction of the known functions' variance.
  public var shares: [Double] { weights.map { $0 / known.variance } }

  /// - Throws: `InputError` when a graph isn't of the same kind as the training graphs.
  public func estimate(_ batch: GraphBatch) throws -> [LatencyEstimate] {
    let context = TrainingContext.current
    let kernels = TargetKernels(known)
    let networks = try batch.shared(known) {
      try known.networks(batch.graphs, kernels: kernels.structural, threads: context.threads)
    }
    guard
      let posterior = KernelMixture(
        kernels: kernels.square(samples), constant: TargetKernels.constant, targets: targets
      ).posterior(weights)
    else { throw InputError("the Gaussian process of \"\(device)\" can't be computed") }
    let team = ThreadTeam(context.threads)
    var result = [LatencyEstimate](repeating: LatencyEstimate(latency: 0), count: batch.graphs.count)
    let block = 64
    result.withUnsafeMutableBufferPointer { result in
      let result = result
      team.forEach((batch.graphs.count + block - 1) / block) { part, _ in
        for row in part * block..<min((part + 1) * block, batch.graphs.count) {
          let covariances = kernels.covariances(networks, row, samples, weights: weights)
          let prior = kernels.covariances(networks, row, networks[[row]], weights: weights)[0]
          let logarithm = mean + zip(covariances, factors).reduce(0) { $0 + $1.0 * $1.1 }
          let variance = max(prior - posterior.explainedVariance(covariances), 0) + weights[TargetKernels.count]
          result[row] = LatencyEstimate(latency: CorrectlyRounded.exp(logarithm), spread: variance.squareRoot())
        }
      }
    }
    return result
  }

  public func write(to archive: inout PredictorArchive) throws {
    try archive.set("features", to: known.features)
    archive.setTensor("centres", known.centres)
    archive.setTensor("variances", [known.meanVariance, known.deviationVariance, known.variance])
    try archive.set("sources", to: sources)
    for (number, source) in known.sources.enumerated() {
      Self.write(source.anchors, to: &archive, "source\(number)")
      archive.setTensor("source\(number).factors", source.factors)
      archive.setTensor("source\(number).weights", source.weights)
      archive.setTensor("source\(number).scale", [source.mean, source.deviation])
    }
    Self.write(samples.rows, to: &archive, "samples")
    archive.setTensor("samples.means", samples.means)
    archive.setTensor("samples.deviations", samples.deviations)
    archive.setTensor("targets", targets)
    archive.setTensor("factors", factors)
    archive.setTensor("mean", [mean])
    archive.setTensor("weights", weights)
  }

  public init(reading archive: PredictorArchive) throws {
    let features: StructuralFeatures = try archive.value("features")
    let names: [String] = try archive.value("sources")
    let variances = try archive.doubles("variances", shape: [3])
    let sources = try names.enumerated().map { number, name in
      let factors = try archive.doubles("source\(number).factors")
      let scale = try archive.doubles("source\(number).scale", shape: [2])
      return SourceFunction(
        device: name, anchors: try Self.rows(archive, "source\(number)", features, count: factors.count),
        factors: factors,
        weights: try archive.doubles(
          "source\(number).weights", shape: [StructuralKernels.sourceKernelCount + 1]), mean: scale[0],
        deviation: scale[1])
    }
    known = KnownDevices(
      features: features, sources: sources, unit: try archive.unit,
      centres: try archive.doubles("centres", shape: [names.count]), meanVariance: variances[0],
      deviationVariance: variances[1], variance: variances[2])
    targets = try archive.doubles("targets")
    samples = KnownNetworks(
      rows: try Self.rows(archive, "samples", features, count: targets.count),
      means: try archive.doubles("samples.means", shape: [targets.count]),
      deviations: try archive.doubles("samples.deviations", shape: [targets.count * names.count]),
      sourceCount: names.count)
    factors = try archive.doubles("factors", shape: [targets.count])
    mean = try archive.doubles("mean", shape: [1])[0]
    weights = try archive.doubles("weights", shape: [TargetKernels.count + 1])
    device = try archive.device
    if names.isEmpty || targets.isEmpty { throw archive.damage("the devices or samples are missing") }
  }

  private static func write(_ rows: StructuralRows, to archive: inout PredictorArchive, _ name: String) {
    archive.setTensor("\(name).symbols", rows.symbols, shape: [rows.count, rows.positionCount])
    archive.setTensor("\(name).kinds", rows.kinds, shape: [rows.count, rows.positionCount])
    archive.setTensor("\(name).counts", rows.counts, shape: [rows.count, rows.operationCount])
    archive.setTensor("\(name).numbers", rows.numbers, shape: [rows.count, rows.numberCount])
  }

  private static func rows(
    _ archive: PredictorArchive, _ name: String, _ features: StructuralFeatures, count: Int
  ) throws -> StructuralRows {
    let places = features.positions.count
    let kinds = features.operations.count
    var rows = StructuralRows(positions: places, operations: kinds, numbers: features.numbers.columns.count)
    rows.count = count
    rows.symbols = try archive.integers("\(name).symbols", shape: [count, places])
    rows.kinds = try archive.integers("\(name).kinds", shape: [count, places])
    rows.counts = try archive.doubles("\(name).counts", shape: [count, kinds])
    rows.numbers = try archive.doubles("\(name).numbers", shape: [count, rows.numberCount])
    guard rows.symbols.allSatisfy({ $0 < features.symbols.count }), rows.kinds.allSatisfy({ $0 < kinds }),
      features.similarity.count == kinds * kinds
    else { throw archive.damage("the networks of \"\(name)\" have operations that are missing in the file") }
    return rows
  }
}
