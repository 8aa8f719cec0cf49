import Foundation

/// What came of running a notebook again from nothing.
struct Verification: Codable, Hashable, Sendable {
  enum Verdict: String, Codable, Sendable, Comparable {
    /// The same bits.
    case identical
    /// The same within the tolerance.
    case close
    case different

    static func < (left: Verdict, right: Verdict) -> Bool {
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

  struct Cell: Codable, Hashable, Sendable {
    var name: String
    var verdict: Verdict
    /// The first places where it differs beyond the tolerance, and how many there are.
    var differences: [Comparison.Difference] = []
    var differenceCount = 0
    /// The largest relative difference within the tolerance.
    var largest = 0.0
    /// Values of which the report carries digests alone, and these differ.
    var unseen: [String] = []
    /// Values that can't be compared, since the report has digests alone of how an earlier version stored them.
    var earlierForm: [String]?
  }

  /// Of the lock whose results were compared.
  var identity: String
  /// Local time, ISO 8601 with its distance from universal time.
  var date: String
  /// Relative.
  var tolerance: Double
  var cells: [Cell]
  /// The machine and the tools that it was run with again.
  var processor: String
  var kernels: String
  var compiler: String
  var build: String

  var verdict: Verdict { cells.map(\.verdict).max() ?? .identical }

  /// The largest relative difference within the tolerance.
  var largest: Double { cells.map(\.largest).max() ?? 0 }

  /// `2023-11-16`.
  var day: String { String(date.prefix(10)) }

  static func localTime(_ date: Date) -> String {
    date.formatted(
      Date.ISO8601FormatStyle(timeZone: .current).year().month().day().time(includingFractionalSeconds: false)
        .timeZone(separator: .colon))
  }
}

extension Comparison {
  /// What it says of a cell.
  func cell(_ name: String, isSameBits: Bool, unseen: [String]) -> Verification.Cell {
    Verification.Cell(
      name: name, verdict: differenceCount > 0 ? .different : isSameBits ? .identical : .close,
      differences: differences,
      differenceCount: differenceCount, largest: largest, unseen: unseen)
  }
}
