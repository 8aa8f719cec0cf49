import Basics
import Engine
import Foundation

/// The fixed words of a report in one language, and how it writes numbers, dates and durations.
///
/// A further language is one more conforming type in its own file and one line in ``reportWords(for:)``.
package protocol Words: Sendable {
  /// The language tag of the page.
  var tag: String { get }

  // MARK: Parts of the report

  var contents: String { get }
  var skipToReport: String { get }
  var footnotes: String { get }
  var backToText: String { get }
  /// The heading of the facts in the footer.
  var provenance: String { get }
  func provenanceLabel(_ fact: ProvenanceFact) -> String
  /// The words in place of the names of many data files in one folder.
  func files(_ count: Int, in folder: String) -> String
  /// A label such as "Figure 2".
  func figure(_ number: Int) -> String
  /// A label such as "Table 2".
  func table(_ number: Int) -> String
  /// The text in place of the number of a missing figure or table.
  var unknownFigure: String { get }
  var unknownTable: String { get }
  /// Words that are not a title of their own in a link to a figure, with or without a number: "Figure", "Fig.".
  var figureWords: [String] { get }
  var tableWords: [String] { get }
  /// The text followed by a remark: "the curve (Figure 2)".
  func remark(_ remark: String, after text: String) -> String

  // MARK: Cells

  var code: String { get }
  func lines(_ count: Int) -> String
  /// The words that open the rest of a long output.
  func moreLines(_ count: Int) -> String
  /// The words in place of the middle of an output that is too long for a page.
  func linesLeftOut(_ count: Int) -> String
  /// The heading of a part of a table that is too wide for a page: its columns, counted from 1.
  func columns(_ first: Int, _ last: Int, of count: Int) -> String
  /// The words in place of a table that is on a landscape page further on.
  /// - Parameter label: The table's label, such as "Table 2"; nil if it has none.
  func isOnNextTurnedPage(_ label: String?) -> String
  /// The text of a table without rows.
  var noRows: String { get }
  var standardError: String { get }
  var failed: String { get }
  var failedAsExpected: String { get }
  var details: String { get }
  var stale: String { get }
  var staleExplanation: String { get }
  /// The badge of a pinned cell: when and where its result was made.
  func pinned(date: String, place: String) -> String
  var notRun: String { get }
  /// The reason why a cell did not run, in three parts around the names of the cells that it needs.
  func notRunBecause(count: Int) -> (before: String, separator: String, after: String)
  var best: String { get }
  var taskDone: String { get }
  var taskOpen: String { get }
  /// The words in place of a picture that can't be shown.
  func picture(_ name: String, problem: PictureProblem) -> String
  func pictureLink(_ name: String) -> String

  // MARK: At a glance

  func cellsFailed(_ count: Int) -> String
  func textsFailed(_ count: Int) -> String
  func cellsNotRun(_ count: Int) -> String
  func cellsStale(_ count: Int) -> String
  func computation(_ duration: String) -> String
  /// The title of the page that lists reports.
  var reports: String { get }
  /// The title of the curve of a figure from report to report.
  func overTheWeeks(_ figure: String) -> String

  // MARK: Proof

  var proof: ProofWords { get }

  // MARK: Numbers

  func number(_ value: Int) -> String
  /// A duration with about two significant digits.
  func duration(_ seconds: Double) -> String
  func day(_ date: CalendarDay) -> String
  func week(_ week: Int, year: Int) -> String
  func range(_ first: CalendarDay, _ last: CalendarDay) -> String
}

/// A fact in the footer of a report.
package enum ProvenanceFact: Sendable, CaseIterable {
  case notebook, parameters, seed, data, outside, labbook, toolchain, system, processor, kernels, date, key
}

/// The reason why a picture can't be shown.
package enum PictureProblem: Sendable {
  case missing, unknownFormat, remote
}

/// The words for a BCP 47 tag: Chinese for any Chinese tag, English for languages without a translation.
package func reportWords(for tag: String) -> any Words {
  let primary = tag.lowercased().prefix { $0 != "-" && $0 != "_" }
  switch primary {
  case "zh": return ChineseWords()
  default: return EnglishWords()
  }
}

extension Words {
  /// A front matter's date in words: a day (`2023-11-16`), a week (`2023-W46`) or a range of days
  /// (`2023-11-10/2023-11-16`). Any other text is unchanged.
  package func date(_ text: String) -> String {
    if CalendarDay.problem(text) != nil { return text }
    let ends = text.split(separator: "/", omittingEmptySubsequences: false).map { CalendarDay(String($0)) }
    if ends.count == 1, let day = ends[0] { return self.day(day) }
    if ends.count == 2, let first = ends[0], let last = ends[1], first.number <= last.number {
      return range(first, last)
    }
    if case .week(let week, let year)? = WeekDate(text) { return self.week(week, year: year) }
    return text
  }

  /// A duration in seconds, minutes or hours, with the language's units.
  package func duration(_ seconds: Double, units: (hour: String, minute: String, second: String)) -> String {
    if seconds < 0.1 { return "<0.1\u{A0}\(units.second)" }
    func both(_ large: Int, _ largeUnit: String, _ small: Int, _ smallUnit: String) -> String {
      "\(large)\u{A0}\(largeUnit)" + (small == 0 ? "" : " \(small)\u{A0}\(smallUnit)")
    }
    return switch RoundedDuration(seconds) {
    case nil: "–"
    case .tenths(let seconds): "\(seconds)\u{A0}\(units.second)"
    case .seconds(let seconds): "\(seconds)\u{A0}\(units.second)"
    case .minutes(let minutes, let seconds): both(minutes, units.minute, seconds, units.second)
    case .hours(let hours, let minutes): both(hours, units.hour, minutes, units.minute)
    }
  }

  /// The digits in groups of three.
  package func grouped(_ value: Int, separator: String) -> String {
    let digits = String(value.magnitude)
    let groups = stride(from: digits.count, to: 0, by: -3).map { end in
      String(digits.dropLast(digits.count - end).suffix(3))
    }
    return (value < 0 ? "−" : "") + groups.reversed().joined(separator: separator)
  }
}
