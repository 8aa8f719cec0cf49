import Foundation

/// Several predictors that predict the weighted mean of their predictions.
///
/// With a calibration it also gives intervals:
///
/// ```swift
/// let predictor = try trainEnsemble(on: data, split: split).predictor
/// for interval in try predictor.predictIntervals(data[split.test].graphs, coverage: 0.9) {
///   print(interval.lower, interval.prediction, interval.upper)
/// }
/// ```
public struct EnsemblePredictor: StorablePredictor {
  public static let family = "ensemble"

  /// The members, at least one, all for the same device.
  public let members: [AnyPredictor]
  /// The weight of each member. All weights sum to 1.
  public let weights: [Double]
  public let calibration: ConformalCalibration?
  /// The number of folds if each recipe has one member for each of them, recipe by recipe; nil otherwise.
  public let folds: Int?

  /// - Parameters:
  ///   - weights: A weight for each member: no negative ones, with a sum above 0. Nil gives all members the same
  ///     weight.
  ///   - folds: The number of folds if the members are those of an `Ensemble` in its order.
  /// - Throws: `InputError` when there are no members, when they differ in unit or device, when the weights are
  ///   invalid, or when the members aren't a multiple of the folds.
  public init(
    members: [some StorablePredictor], weights: [Double]? = nil, calibration: ConformalCalibration? = nil,
    folds: Int? = nil
  ) throws {
    guard let first = members.first else {
      throw InputError("an ensemble needs at least one member", remedy: "Train it with Ensemble or trainEnsemble.")
    }
    for (index, member) in members.enumerated()
    where (member.unit, member.device.name) != (first.unit, first.device.name) {
      throw InputError(
        "member \(index + 1) of the ensemble predicts \(member.unit) on \(member.device), the first \(first.unit) on "
          + "\(first.device)",
        remedy: "Train all members for the same device, as Ensemble and trainEnsemble do.")
    }
    let weights = weights ?? Array(repeating: 1, count: members.count)
    let sum = weights.reduce(0, +)
    guard weights.count == members.count, weights.allSatisfy({ $0 >= 0 }), sum > 0, sum.isFinite else {
      throw InputError(
        "an ensemble of \(members.count) members can't use the weights \(weights)",
        remedy: "Give a weight for each member, none below 0 and at least one above 0.")
    }
    if let folds, folds < 1 || members.count % folds != 0 {
      throw InputError(
        "an ensemble of \(members.count) members can't have \(folds) folds",
        remedy: "Give as many members for each recipe as there are folds.")
    }
    self.folds = folds
    self.members = members.map { AnyPredictor($0) }
    // Weights that already sum to 1 are not rescaled, so that they stay bit-identical.
    self.weights = abs(sum - 1) < 1e-9 ? weights : weights.map { $0 / sum }
    self.calibration = calibration
  }

  public var unit: String { members[0].unit }
  public var device: Device { members[0].device }

  /// The members whose weight is above 0; the others don't change predictions.
  private var counted: [AnyPredictor] { zip(members, weights).filter { $1 > 0 }.map(\.0) }

  /// The warnings of the members with a weight above 0, each once.
  public var warnings: [String] { counted.flatMap(\.warnings).withoutRepeats }

  /// The warnings of the members with a weight above 0, each once.
  public func warnings(for graphs: [NetworkGraph]) -> [PredictionWarning] {
    counted.flatMap { $0.warnings(for: graphs) }.withoutRepeats
  }

  public func predict(_ graphs: [NetworkGraph]) throws -> [Double] {
    try estimate(graphs).map(\.latency)
  }

  public func estimate(_ graphs: [NetworkGraph]) throws -> [LatencyEstimate] {
    try estimate(GraphBatch(graphs))
  }

  /// The weighted mean of the members' predictions, with their standard deviation around it as a fraction of it. If
  /// every member estimates its own variance, the mean of these variances is added.
  public func estimate(_ batch: GraphBatch) throws -> [LatencyEstimate] {
    // The members' own variances count only if all have one, so those after the first without one needn't compute it.
    var haveSpread = true
    let estimates = try members.map { member in
      guard haveSpread else { return try member.latencies(batch).map { LatencyEstimate(latency: $0) } }
      let estimates = try member.estimate(batch)
      haveSpread = estimates.allSatisfy { $0.spread != nil }
      return estimates
    }
    return batch.graphs.indices.map { graph in
      var estimate = LatencyEstimate(of: estimates.map { $0[graph] }, weights: weights)
      estimate.foldSpread = foldSpread(estimates.map { $0[graph].latency }, around: estimate.latency)
      return estimate
    }
  }

  /// The deviation between folds: the standard deviation of what each fold's members predict together, around the
  /// mean of all members and as a fraction of it.
  private func foldSpread(_ latencies: [Double], around mean: Double) -> Double? {
    guard let folds, folds > 1, mean > 0 else { return nil }
    var variance = 0.0
    for fold in 0..<folds {
      var sum = 0.0
      var weight = 0.0
      for member in stride(from: fold, to: latencies.count, by: folds) {
        sum += weights[member] * latencies[member]
        weight += weights[member]
      }
      guard weight > 0 else { continue }
      variance += weight * (sum / weight - mean) * (sum / weight - mean)
    }
    return variance.squareRoot() / mean
  }

  /// The same ensemble with intervals calibrated by its errors on `data`. No member may have been trained on `data`.
  ///
  /// - Throws: `InputError` as `ConformalCalibration.init(of:on:)`.
  public func calibrated(on data: Dataset) throws -> EnsemblePredictor {
    try EnsemblePredictor(
      members: members, weights: weights, calibration: ConformalCalibration(of: self, on: data), folds: folds)
  }

  public func write(to archive: inout PredictorArchive) throws {
    try archive.set("members", to: members.count)
    archive.setTensor("weights", weights)
    if let calibration { try archive.set("calibration", to: calibration) }
    if let folds { try archive.set("folds", to: folds) }
    for (index, member) in members.enumerated() {
      try archive.setArchive("members.\(index)", of: member.base)
    }
  }

  public init(reading archive: PredictorArchive) throws {
    let count: Int = try archive.value("members")
    guard 1...(1 << 16) ~= count else { throw archive.damage("the number of members, \(count), is out of range") }
    let weights = try archive.doubles("weights", shape: [count])
    let members = try (0..<count).map { try archive.predictor("members.\($0)") }
    self = try archive.checking {
      try Self(
        members: members, weights: weights, calibration: archive.value(ifPresent: "calibration"),
        folds: archive.value(ifPresent: "folds"))
    }
  }
}

extension LatencyEstimate {
  /// The mean of `estimates` with `weights`, which sum to 1, and the estimates' deviation from it.
  init(of estimates: [LatencyEstimate], weights: [Double]) {
    let mean = zip(estimates, weights).reduce(0) { $0 + $1.0.latency * $1.1 }
    var variance = zip(estimates, weights).reduce(0) { $0 + ($1.0.latency - mean) * ($1.0.latency - mean) * $1.1 }
    var isKnown = estimates.count > 1
    if estimates.allSatisfy({ $0.spread != nil }) {
      isKnown = true
      variance = zip(estimates, weights).reduce(variance) { sum, member in
        let deviation = (member.0.spread ?? 0) * member.0.latency
        return sum + deviation * deviation * member.1
      }
    }
    self.init(latency: mean, spread: mean > 0 && isKnown ? variance.squareRoot() / mean : nil)
  }
}
