import Core
import Foundation
import Wire

/// How long models take on a device: a table with a row for each model and runtime, and what it was measured on.
///
/// `save` writes what `LatencyData.load` reads; `latencies(of:)` joins it with graphs at once.
public struct MeasuredLatencies: Codable, Hashable, Sendable {
  /// A model on a device. Times are milliseconds.
  public struct Row: Codable, Hashable, Sendable {
    public var id: String
    public var device: String
    /// The median of the rounds' medians; nil for a model that failed.
    public var median: Double?
    /// The quartiles of all counted runs.
    public var quartiles: [Double] = []
    /// The 95 % interval of the median.
    public var interval: [Double] = []
    /// The medians of every other round.
    public var halves: [Double] = []
    /// How many runs were counted, in how many rounds, and how many other rounds were spoilt.
    public var repeats = 0
    public var rounds = 0
    public var spoilt = 0
    /// Why there is no latency, or why there are fewer rounds than of others.
    public var reason: String?
  }

  /// How measuring on a device came to its end.
  public struct Ending: Codable, Hashable, Sendable {
    public enum Cause: String, Codable, Sendable {
      /// Every model's estimate is precise enough.
      case precision
      /// The time was used up.
      case budget
      /// The greatest number of rounds was reached.
      case rounds
    }

    public var device: String
    public var cause: Cause
    /// The share of models whose estimate is precise enough.
    public var precise: Double
    public var agreement: HalfAgreement
    /// Seconds of all rounds without waiting, the part of them that was neither a timed run nor its warm-up, and the
    /// seconds that the device was waited for.
    @WallClock public var seconds: Double
    @WallClock public var overhead: Double
    @WallClock public var waiting: Double
  }

  public var rows: [Row]
  /// What was measured on, as data sets have it.
  public var devices: [Device]
  /// What each device said of itself, by its name in the table.
  public var descriptions: [String: DeviceDescription]
  public var endings: [Ending]
  /// What whoever uses the table should know: a device that changed meanwhile, rounds under load.
  public var notices: [String]

  /// How well two halves of the rounds agree on a device.
  public func agreement(on device: String) -> HalfAgreement? { endings.first { $0.device == device }?.agreement }

  /// Models without a latency, with their reasons.
  public var failures: [Row] { rows.filter { $0.median == nil } }

  /// As graphs and latencies in one: what predictors learn from.
  /// - Parameter graphs: With the models' ids. Those without a latency are left out.
  /// - Throws: `InputError` when none of them was measured.
  public func latencies(of graphs: [NetworkGraph], name: String? = nil) throws -> LatencyData {
    try LatencyData(
      graphs: graphs, latencies: CSVTable(Data(csv.utf8), file: "the measured table"), describedBy: devices, name: name,
      matching: .common)
  }

  /// What a person wants to know at the end: why it stopped, how good the table is, what it cost.
  public func summary(table: String) -> [String] {
    var lines = endings.map { ending in
      let cause =
        switch ending.cause {
        case .precision: "all estimates are precise enough"
        case .budget: "the time was used up"
        case .rounds: "the last round is over"
        }
      return "\(ending.device): \(cause), \(Self.percent(ending.precise)) are; halves agree: \(ending.agreement.text); "
        + "\(String(format: "%.0f", ending.seconds)) s, of which \(Self.percent(ending.overhead)) neither timed nor "
        + "warm-up; \(String(format: "%.0f", ending.waiting)) s of waiting for others"
    }
    let failed = failures.count
    let under = rows.count { $0.median != nil && $0.spoilt > 0 && $0.rounds <= $0.spoilt }
    if under > 0 { lines.append("\(under) of \(rows.count) rows rest on rounds that others spoilt") }
    lines.append("\(table): \(rows.count) rows\(failed > 0 ? ", \(failed) without a latency" : "")")
    return lines
  }

  private static func percent(_ part: Double) -> String { String(format: "%.0f %%", part * 100) }

  static let columns = [
    "id", "device", "median_ms", "q1_ms", "q3_ms", "repeats", "half1_ms", "half2_ms", "interval_low_ms",
    "interval_high_ms", "rounds", "spoilt_rounds", "reason",
  ]

  /// The table as text: CSV with a header.
  public var csv: String {
    func field(_ text: String) -> String {
      text.contains { ",\"\n\r".contains($0) } ? "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\"" : text
    }
    func number(_ value: Double?) -> String { value.map { String(format: "%.6g", $0) } ?? "" }
    let lines = rows.map { row in
      [field(row.id), field(row.device), number(row.median), number(row.quartiles.first), number(row.quartiles.last)]
        + [row.median == nil ? "" : String(row.repeats), number(row.halves.first), number(row.halves.last)]
        + [number(row.interval.first), number(row.interval.last), String(row.rounds), String(row.spoilt)]
        + [field(row.reason ?? "")]
    }
    return ([Self.columns] + lines).map { $0.joined(separator: ",") + "\n" }.joined()
  }

  /// Writes the table.
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
  /// Of a model's visits on a device, and why it failed if it did.
  init(id: String, device: String, visits: [Visit], reason: String?) {
    self.init(id: id, device: device, reason: reason)
    let counted = MeasuredRounds.counted(visits)
    guard !counted.isEmpty else { return }
    let runs = counted.flatMap(\.milliseconds)
    let estimate = Estimator.medianOfRounds
    median = estimate.estimates([counted])[0]
    quartiles = [quantile(0.25, of: runs), quantile(0.75, of: runs)]
    interval = MeasuredRounds.interval(counted).map { [$0.low, $0.high] } ?? []
    let (even, odd) = HalfAgreement.halves(counted)
    if !odd.isEmpty { halves = estimate.estimates([even, odd]) }
    repeats = runs.count
    rounds = counted.count
    spoilt = visits.count { !$0.spoilt.isEmpty }
  }
}
