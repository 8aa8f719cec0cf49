import Engine
import Foundation

/// What came of running a notebook again from nothing.
package struct Verification: Codable, Hashable, Sendable {
  package enum Verdict: String, Codable, Sendable, Comparable {
    /// The same bits.
    case identical
    /// The same within the tolerance.
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
    /// `runs[2].history[17].trainingLoss`.
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
    /// The first places where it differs beyond the tolerance, and how many there are.
    package var differences: [Difference] = []
    package var differenceCount = 0
    /// The largest relative difference within the tolerance.
    package var largest = 0.0
    /// Values of which the report carries digests alone, and these differ.
    package var unseen: [String] = []
    /// Values that can't be compared, since the report has digests alone of how an earlier version stored them.
    package var earlierForm: [String]?
    /// Places of measured times that differ, as they do every time; nil without any.
    package var times: [String]?
    /// When and where the pinned result was made that was taken as given; nil for cells that ran again.
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

  /// Of the lock whose results were compared.
  package var identity: String
  /// Local time, ISO 8601 with its distance from universal time.
  package var date: String
  /// Relative.
  package var tolerance: Double
  package var cells: [Cell]
  /// The machine and the tools that it was run with again.
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

  /// Names of the pinned cells whose results were taken as given.
  package var given: [String] { cells.filter { $0.given != nil }.map(\.name) }

  package var verdict: Verdict { cells.map(\.verdict).max() ?? .identical }

  /// The largest relative difference within the tolerance.
  package var largest: Double { cells.map(\.largest).max() ?? 0 }

  /// `2023-11-16`.
  package var day: String { String(date.prefix(10)) }

  package static func localTime(_ date: Date) -> String {
    date.formatted(
      Date.ISO8601FormatStyle(timeZone: .current).year().month().day().time(includingFractionalSeconds: false)
        .timeZone(separator: .colon))
  }
}
