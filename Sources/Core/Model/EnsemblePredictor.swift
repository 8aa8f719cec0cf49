import Foundation

/// Several GCNs of one kind that predict by the mean of what they say.
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
  /// At least one, all with the same configuration and encoding.
  public let members: [GCNPredictor]
  /// What intervals come from; nil where there are none.
  public let calibration: ConformalCalibration?

  /// - Throws: `InputError` when there are no members, or they differ in configuration, encoding, unit or device.
  public init(members: [GCNPredictor], calibration: ConformalCalibration? = nil) throws {
    guard let first = members.first else {
      throw InputError("an ensemble needs at least one member", remedy: "Train it with trainEnsemble.")
    }
    for (index, member) in members.enumerated() where !member.isAlike(first) {
      throw InputError(
        "member \(index + 1) of the ensemble is of another kind than the first",
        remedy: "Train all members for the same device with the same configuration and encoding, as trainEnsemble does."
      )
    }
    self.members = members
    self.calibration = calibration
  }

  /// Of the latencies.
  public var unit: String { members[0].unit }
  /// On which the latencies were measured.
  public var device: String { members[0].device }

  public func predict(_ graphs: [NetworkGraph]) throws -> [Double] {
    try estimate(graphs).map(\.latency)
  }

  /// The mean of the members' predictions, and the standard deviation between them as a share of it.
  public func estimate(_ graphs: [NetworkGraph]) throws -> [LatencyEstimate] {
    let encoded = try members[0].encoding.encode(graphs)
    let predictions = try members.map { try $0.predict(graphs, encoded: encoded) }
    let count = Double(members.count)
    return graphs.indices.map { graph in
      let mean = predictions.reduce(0) { $0 + $1[graph] } / count
      let variance = predictions.reduce(0) { $0 + ($1[graph] - mean) * ($1[graph] - mean) } / count
      return LatencyEstimate(latency: mean, spread: mean > 0 ? variance.squareRoot() / mean : 0)
    }
  }

  /// The same ensemble with intervals that fit the errors it makes on `data`, which no member may have been trained on.
  ///
  /// - Throws: `InputError` as `ConformalCalibration.init(of:on:)`.
  public func calibrated(on data: Dataset) throws -> EnsemblePredictor {
    try EnsemblePredictor(members: members, calibration: ConformalCalibration(of: self, on: data))
  }

  /// For each graph a range that has the latency in it with the probability `coverage`.
  ///
  /// - Throws: `InputError` when the ensemble isn't calibrated, or on too few samples for that coverage.
  public func predictIntervals(_ graphs: [NetworkGraph], coverage: Double = 0.9) throws -> [PredictionInterval] {
    guard let calibration else {
      throw InputError(
        "the ensemble has no calibration, so it can't give intervals",
        remedy: "Train it with a validation part, or use calibrated(on:) with samples it was not trained on.")
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

extension GCNPredictor {
  /// Whether both read graphs in the same way and answer the same question.
  fileprivate func isAlike(_ other: GCNPredictor) -> Bool {
    network.configuration == other.network.configuration && encoding == other.encoding && unit == other.unit
      && device == other.device
  }
}

/// Ensembles as safetensors files: the same as of a single predictor, but with `members.0.` and so on before the names of
/// the weights, before `scale` and before `baseline`, and with `members` and `calibration` in the metadata.
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
      calibration: file.value(ifPresent: "calibration"))
  }
}
