import Core
import Foundation
import Wire

/// The measured latencies of models on a device: a table with a row for each model and runtime, and descriptions of
/// the devices.
///
/// `save` writes a file that `LatencyData.load` reads; `latencies(of:)` joins the table with graphs directly.
public struct MeasuredLatencies: Codable, Hashable, Sendable {
  /// The measurement of a model on a device. Times are in milliseconds.
  public struct Row: Codable, Hashable, Sendable {
    public var id: String
    public var device: String
    /// The median of the rounds' medians; nil for a model that failed.
    public var median: Double?
    /// The quartiles of all counted runs.
    public var quartiles: [Double] = []
    /// The least of all counted runs; nil in tables of earlier versions.
    public var least: Double?
    /// The 95 % confidence interval of the median.
    public var interval: [Double] = []
    /// The medians of the even and the odd rounds.
    public var halves: [Double] = []
    /// The number of counted runs, of their rounds, and of all rounds that were disturbed.
    public var repeats = 0
    public var rounds = 0
    public var spoilt = 0
    /// Whether disturbed rounds count, because too few rounds were undisturbed; nil in tables of earlier versions.
    public var countsDisturbed: Bool?
    /// The reason why there is no latency, or why there are fewer rounds than for other models.
    public var reason: String?
  }

  /// The end of measuring on a device.
  public struct Ending: Codable, Hashable, Sendable {
    public enum Cause: String, Codable, Sendable {
      /// Every model's estimate is precise enough.
      case precision
      /// The time budget was used up.
      case budget
      /// The greatest number of rounds was reached.
      case rounds
    }

    public var device: String
    public var cause: Cause
    /// The fraction of models whose estimate is precise enough.
    public var precise: Double
    public var agreement: HalfAgreement
    /// The seconds of all rounds without waiting, the fraction of them that was neither timed runs nor warm-up, and
    /// the seconds of waiting for the device.
    @WallClock public var seconds: Double
    @WallClock public var overhead: Double
    @WallClock public var waiting: Double
  }

  public var rows: [Row]
  /// The measured devices, in the form of data sets.
  public var devices: [Device]
  /// Each device's description of itself, by its name in the table.
  public var descriptions: [String: DeviceDescription]
  public var endings: [Ending]
  /// Notices for users of the table: a device that changed meanwhile, or rounds under load.
  public var notices: [String]

  /// The agreement of the two halves of the rounds on a device.
  public func agreement(on device: String) -> HalfAgreement? { endings.first { $0.device == device }?.agreement }

  /// What a device in `devices` says of itself, with its runtime and threads, as texts; nil if it said nothing.
  func facts(of device: Device) -> [String: String]? {
    guard let description = descriptions[device.name] else { return nil }
    var facts = description.texts.merging(description.numbers.mapValues { "\($0)" }) { text, _ in text }
    facts["runtime"] = device.runtime
    facts["threads"] = device.threads.map(String.init)
    return facts
  }

  /// The models without a latency, with the reasons.
  public var failures: [Row] { rows.filter { $0.median == nil } }

  /// Joins graphs with the latencies, for predictors.
  /// - Parameters:
  ///   - graphs: Graphs with the models' ids. Graphs without a latency are left out.
  ///   - latencyColumn: The column of the table (`save`) that is the latency: `median_ms`, `q1_ms` for the lower
  ///     quartile of all runs, or `min_ms` for their least.
  /// - Throws: `InputError` when none of them was measured, or there is no such column.
  public func latencies(
    of graphs: [NetworkGraph], latencyColumn: String = "median_ms", name: String? = nil
  ) throws -> LatencyData {
    try LatencyData(
      graphs: graphs, latencies: CSVTable(Data(csv.utf8), file: "the measured table"), describedBy: devices,
      latencyColumn: latencyColumn, name: name, matching: .common)
  }

  /// What a user of the table has to know, a line each: the notices, and the models without a latency with their
  /// reasons.
  ///
  /// - Parameter most: The greatest number of models to name.
  public func remarks(naming most: Int = .max) -> [String] {
    let failures = failures
    let lines =
      notices.map { "note: \($0)" }
      + failures.prefix(most).map { "\($0.id) on \($0.device): \($0.reason ?? "failed")" }
    return failures.count > most ? lines + ["and \(failures.count - most) more without a latency"] : lines
  }

  /// A summary for the user: why measuring stopped, the quality of the table, and the time it took.
  public func summary(table: String) -> [String] {
    var lines = endings.map { ending in
      let cause =
        switch ending.cause {
        case .precision: "all estimates are precise enough"
        case .budget: "the time was used up, \(Self.percent(ending.precise)) of the estimates are precise enough"
        case .rounds: "the last round is over, \(Self.percent(ending.precise)) of the estimates are precise enough"
        }
      let agreement = ending.agreement.count > 0 ? "halves agree: \(ending.agreement.text)" : "no model has two rounds"
      return "\(ending.device): \(cause); \(agreement); "
        + "\(String(format: "%.0f", ending.seconds)) s, of which \(Self.percent(ending.overhead)) neither timed nor "
        + "warm-up; \(String(format: "%.0f", ending.waiting)) s of waiting for others"
    }
    let (failed, count) = (failures.count, rows.count == 1 ? "1 row" : "\(rows.count) rows")
    let under = rows.count { $0.countsDisturbed == true }
    if under > 0 { lines.append("\(under) of \(rows.count) rows rely on rounds that other programs disturbed") }
    lines.append("\(table): \(count)\(failed > 0 ? ", \(failed) without a latency" : "")")
    return lines
  }

  private static func percent(_ part: Double) -> String { String(format: "%.0f %%", part * 100) }

  static let columns = [
    "id", "device", "median_ms", "q1_ms", "q3_ms", "min_ms", "repeats", "half1_ms", "half2_ms", "interval_low_ms",
    "interval_high_ms", "rounds", "spoilt_rounds", "reason",
  ]

  /// The table as CSV with a header.
  public var csv: String {
    func field(_ text: String) -> String {
      text.contains { ",\"\n\r".contains($0) } ? "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\"" : text
    }
    func number(_ value: Double?) -> String { value.map { String(format: "%.6g", $0) } ?? "" }
    let lines = rows.map { row in
      [field(row.id), field(row.device), number(row.median), number(row.quartiles.first), number(row.quartiles.last)]
        + [
          number(row.least), row.median == nil ? "" : String(row.repeats), number(row.halves.first),
          number(row.halves.last),
        ]
        + [number(row.interval.first), number(row.interval.last), String(row.rounds), String(row.spoilt)]
        + [field(row.reason ?? "")]
    }
    return ([Self.columns] + lines).map { $0.joined(separator: ",") + "\n" }.joined()
  }

  /// Writes the table to a file.
  /// - Throws: `InputError` when the file can't be written.
  public func save(to path: String) throws {
    do {
      try Data(csv.utf8).writeDurably(to: URL(fileURLWithPath: path), replace: true)
    } catch let failure as POSIXFailure {
      throw InputError("the table can't be written: \(failure)", at: Place(file: path))
    }
  }
}

extension MeasuredLatencies.Row {
  /// Summarises the visits of a model on a device, and the reason of a failure.
  init(id: String, device: String, visits: [Visit], reason: String?) {
    self.init(id: id, device: device, reason: reason)
    let counted = MeasuredRounds.counted(visits)
    guard !counted.isEmpty else { return }
    let runs = counted.flatMap(\.milliseconds)
    let estimate = Estimator.medianOfRounds
    median = estimate.estimates([counted])[0]
    quartiles = [quantile(0.25, of: runs), quantile(0.75, of: runs)]
    least = runs.min()
    interval = MeasuredRounds.interval(counted).map { [$0.low, $0.high] } ?? []
    let (even, odd) = HalfAgreement.halves(counted)
    if !odd.isEmpty { halves = estimate.estimates([even, odd]) }
    repeats = runs.count
    rounds = counted.count
    spoilt = visits.count { !$0.spoilt.isEmpty }
    countsDisturbed = counted.contains { !$0.spoilt.isEmpty }
  }
}
