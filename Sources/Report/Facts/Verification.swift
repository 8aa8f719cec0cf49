import Engine
import Foundation

/// The result of running a notebook again from nothing and comparing.
package struct Verification: Codable, Hashable, Sendable {
  package enum Verdict: String, Codable, Sendable, Comparable {
    /// The results are equal to the last bit.
    case identical
    /// The results are equal within the tolerance.
    case close
    case different

    package static func < (left: Verdict, right: Verdict) -> Bool {
      order(left) < order(right)
    }

    private static func order(_ verdict: Verdict) -> Int {
      switch verdict {
      case .identical: 0
      case .close: 1
      case .different: 2
      }
    }
  }

  /// A place where two results disagree beyond the tolerance.
  package struct Difference: Codable, Hashable, Sendable {
    /// The path of a value inside the result: `runs[2].history[17].trainingLoss`.
    package var path: String
    package var old: String
    package var new: String

    package init(path: String, old: String, new: String) {
      self.path = path
      self.old = old
      self.new = new
    }
  }

  package struct Cell: Codable, Hashable, Sendable {
    package var name: String
    package var verdict: Verdict
    /// The first differences beyond the tolerance; `differenceCount` counts all of them.
    package var differences: [Difference] = []
    package var differenceCount = 0
    /// The largest relative difference that is within the tolerance.
    package var largest = 0.0
    /// Values that differ, but of which the report contains only digests.
    package var unseen: [String] = []
    /// Values that can't be compared, because the report has only digests of a form that an earlier version stored.
    package var earlierForm: [String]?
    /// Paths of measured times that differ, as they always do; nil if there are none.
    package var times: [String]?
    /// When and where the pinned result that was taken as given was made; nil for cells that ran again.
    package var given: Origin?

    package init(
      name: String, verdict: Verdict, differences: [Difference] = [], differenceCount: Int = 0, largest: Double = 0.0,
      unseen: [String] = [], times: [String]? = nil, given: Origin? = nil
    ) {
      self.name = name
      self.verdict = verdict
      self.differences = differences
      self.differenceCount = differenceCount
      self.largest = largest
      self.unseen = unseen
      self.times = times
      self.given = given
    }
  }

  /// The identity of the lock whose results were compared.
  package var identity: String
  /// The local time in ISO 8601, with its offset from UTC.
  package var date: String
  /// The relative tolerance.
  package var tolerance: Double
  package var cells: [Cell]
  /// The processor of the machine that verified.
  package var processor: String
  package var kernels: String
  package var compiler: String
  package var build: String

  package init(
    identity: String, date: String, tolerance: Double, cells: [Cell], processor: String, kernels: String,
    compiler: String, build: String
  ) {
    self.identity = identity
    self.date = date
    self.tolerance = tolerance
    self.cells = cells
    self.processor = processor
    self.kernels = kernels
    self.compiler = compiler
    self.build = build
  }

  /// The names of pinned cells whose results were taken as given.
  package var given: [String] { cells.filter { $0.given != nil }.map(\.name) }

  package var verdict: Verdict { cells.map(\.verdict).max() ?? .identical }

  /// The largest relative difference that is within the tolerance.
  package var largest: Double { cells.map(\.largest).max() ?? 0 }

  /// The day of `date`: `2023-11-16`.
  package var day: String { String(date.prefix(10)) }

  package static func localTime(_ date: Date) -> String {
    date.formatted(
      Date.ISO8601FormatStyle(timeZone: .current).year().month().day().time(includingFractionalSeconds: false)
        .timeZone(separator: .colon))
  }
}
