import Core

/// Compares the estimators by the agreement of a measurement's halves, on the same raw rounds.
///
/// ```swift
/// let comparison = try EstimatorComparison("latency.rounds.jsonl.gz")
/// for line in comparison.lines { print(line) }
/// ```
public struct EstimatorComparison: Sendable {
  /// The device, the estimator's name, and the agreement of its halves.
  public let rows: [(device: String, estimator: String, agreement: HalfAgreement)]

  /// - Parameter path: The file of raw rounds beside a table.
  /// - Throws: `InputError` when the file can't be read or has no rounds.
  public init(_ path: String) throws {
    let journal = try RoundsJournal(path)
    var devices: [String] = []
    for visit in journal.visits where !devices.contains(visit.device) { devices.append(visit.device) }
    guard !devices.isEmpty else {
      throw InputError(
        "the file has no rounds", at: Place(file: path), remedy: "Give a file that ends in .rounds.jsonl.gz.")
    }
    rows = devices.flatMap { device in
      // Of a model whose file changed meanwhile, the last content counts.
      let visits = journal.visits.filter { $0.device == device }
      let digests = Dictionary(visits.map { ($0.id, $0.digest) }, uniquingKeysWith: { _, last in last })
      let rounds = MeasuredRounds(visits.filter { digests[$0.id] == $0.digest }, device: device)
      return Estimator.all.map { (device, $0.name, rounds.agreement($0)) }
    }
  }

  /// The comparison as lines for a terminal.
  public var lines: [String] { rows.map { "\($0.device)  \($0.agreement.text)  \($0.estimator)" } }
}
