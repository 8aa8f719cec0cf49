import Foundation

/// Several GCNs that predict by the weighted mean of what they say.
///
/// With a calibration it gives intervals too:
///
/// ```swift
/// let predictor = try trainEnsemble(on: data, split: split).predictor
/// for interval in try predictor.predictIntervals(data[split.test].graphs, coverage: 0.9) {
///   print(interval.lower, interval.prediction, interval.upper)
/// }
/// ```
public struct EnsemblePredictor: LatencyPredictor, Codable, Hashable {
  /// At least one, all for the same device.
  public let members: [GCNPredictor]
  /// How much each member counts; 1 in all.
  public let weights: [Double]
  /// What intervals come from; nil where there are none.
  public let calibration: ConformalCalibration?

  /// - Parameter weights: One for each member, none below 0, of any sum above 0; if nil, all count the same.
  /// - Throws: `InputError` when there are no members, they differ in unit or device, or weights don't fit.
  public init(members: [GCNPredictor], weights: [Double]? = nil, calibration: ConformalCalibration? = nil) throws {
    guard let first = members.first else {
      throw InputError("an ensemble needs at least one member", remedy: "Train it with trainEnsemble.")
    }
    for (index, member) in members.enumerated() where (member.unit, member.device) != (first.unit, first.device) {
      throw InputError(
        "member \(index + 1) of the ensemble gives \(member.unit) on \(member.device), the first \(first.unit) on "
          + first.device,
        remedy: "Train all members for the same device, as trainEnsemble does.")
    }
    let weights = weights ?? Array(repeating: 1, count: members.count)
    let sum = weights.reduce(0, +)
    guard weights.count == members.count, weights.allSatisfy({ $0 >= 0 }), sum > 0, sum.isFinite else {
      throw InputError(
        "the weights \(weights) are none for an ensemble of \(members.count)",
        remedy: "Give one for each member, none below 0 and one at least above.")
    }
    self.members = members
    // Those that are 1 in all keep their bits.
    self.weights = abs(sum - 1) < 1e-9 ? weights : weights.map { $0 / sum }
    self.calibration = calibration
  }

  /// Of the latencies.
  public var unit: String { members[0].unit }
  /// On which the latencies were measured.
  public var device: String { members[0].device }

  public func predict(_ graphs: [NetworkGraph]) throws -> [Double] {
    try estimate(graphs).map(\.latency)
  }

  /// The weighted mean of the members' predictions, and their standard deviation around it as a share of it.
  public func estimate(_ graphs: [NetworkGraph]) throws -> [LatencyEstimate] {
    var encoded: [GraphEncoding: EncodedGraphs] = [:]
    let predictions = try members.map { member in
      let rows = try encoded[member.encoding] ?? member.encoding.encode(graphs)
      encoded[member.encoding] = rows
      return try member.predict(graphs, encoded: rows)
    }
    return graphs.indices.map { graph in LatencyEstimate(of: predictions.map { $0[graph] }, weights: weights) }
  }

  /// The same ensemble with intervals that fit the errors it makes on `data`, which no member may have been trained on.
  ///
  /// - Throws: `InputError` as `ConformalCalibration.init(of:on:)`.
  public func calibrated(on data: Dataset) throws -> EnsemblePredictor {
    try EnsemblePredictor(
      members: members, weights: weights, calibration: ConformalCalibration(of: self, on: data))
  }

  /// For each graph a range that has the latency in it with the probability `coverage`.
  ///
  /// - Throws: `InputError` when the ensemble isn't calibrated, or on too few samples for that coverage.
  public func predictIntervals(_ graphs: [NetworkGraph], coverage: Double = 0.9) throws -> [PredictionInterval] {
    guard let calibration else {
      throw InputError(
        "the ensemble has no calibration, so it can't give intervals",
        remedy: "Train it with trainEnsemble, or use calibrated(on:) with samples it was not trained on.")
    }
    return try calibration.intervals(for: estimate(graphs), coverage: coverage)
  }

  /// How good the intervals are on `data`.
  ///
  /// - Throws: `InputError` as `predictIntervals`, and when the data set is empty.
  public func evaluateIntervals(on data: Dataset, coverage: Double = 0.9) throws -> IntervalEvaluation {
    try IntervalEvaluation(
      predictIntervals(data.graphs, coverage: coverage), measured: data.latencies, coverage: coverage)
  }
}

extension LatencyEstimate {
  /// The mean of `predictions` by `weights`, which are 1 in all, and how far they are from it.
  init(of predictions: [Double], weights: [Double]) {
    let mean = zip(predictions, weights).reduce(0) { $0 + $1.0 * $1.1 }
    let variance = zip(predictions, weights).reduce(0) { $0 + ($1.0 - mean) * ($1.0 - mean) * $1.1 }
    self.init(latency: mean, spread: mean > 0 ? variance.squareRoot() / mean : 0)
  }
}

/// Ensembles as safetensors files: the same as of a single predictor, but with `members.0.` and so on before all names but
/// `unit` and `device`, and with `members`, how many there are, `weights` and `calibration` in the metadata.
extension EnsemblePredictor {
  private static let format = "labbook-gcn-ensemble-1"

  /// Writes the ensemble to a file, which is replaced as a whole or not at all.
  ///
  /// - Throws: `InputError` when the file can't be written.
  public func save(to path: String) throws {
    try PredictorFile.write(safetensors(), to: path)
  }

  /// The bytes of such a file.
  public func safetensors() throws -> Data {
    var file = SafeTensors(metadata: ["format": Self.format, "members": String(members.count)], tensors: [:])
    file.metadata["weights"] = try PredictorFile.text(weights)
    file.metadata["calibration"] = try calibration.map(PredictorFile.text)
    for (index, member) in members.enumerated() {
      try PredictorFile.add(member, prefix: "members.\(index).", to: &file)
    }
    return try file.encoded()
  }

  /// Reads an ensemble from a file that `save(to:)` wrote.
  ///
  /// - Throws: `InputError` when the file can't be read, is damaged, or holds something else.
  public init(contentsOf path: String) throws {
    try self.init(safetensors: FileAccess.read(path), at: Place(file: path))
  }

  /// Reads an ensemble from the bytes of such a file.
  ///
  /// - Parameter place: What errors name.
  public init(safetensors data: Data, at place: Place) throws {
    let file = try PredictorFile(data, format: Self.format, at: place)
    guard let count: Int = try file.value(ifPresent: "members"), 1...(1 << 16) ~= count else {
      throw InputError("the metadata's \"members\" can't be read", at: place, remedy: "Save the predictor again.")
    }
    try self.init(
      members: (0..<count).map { try file.predictor(prefix: "members.\($0).") },
      weights: file.value("weights"), calibration: file.value(ifPresent: "calibration"))
  }
}
