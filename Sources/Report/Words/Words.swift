import Basics
import Engine
import Foundation

/// The fixed words of a report in one language, and how it writes numbers, dates and durations.
///
/// A further language is one more conforming type in its own file and one line in ``reportWords(for:)``.
package protocol Words: Sendable {
  /// The tag of the language, for the page.
  var tag: String { get }

  // MARK: Parts of the report

  var contents: String { get }
  var skipToReport: String { get }
  var footnotes: String { get }
  var backToText: String { get }
  /// The heading above the facts at the foot.
  var provenance: String { get }
  func provenanceLabel(_ fact: ProvenanceFact) -> String
  /// "Figure 2".
  func figure(_ number: Int) -> String
  /// "Table 2".
  func table(_ number: Int) -> String
  /// What stands for the number of a figure or table that isn't there.
  var unknownFigure: String { get }
  var unknownTable: String { get }
  /// Words that, alone or before a number, are no name of their own in a link to a figure: "Figure", "Fig.".
  var figureWords: [String] { get }
  var tableWords: [String] { get }
  /// `text` and a remark: "the curve (Figure 2)".
  func remark(_ remark: String, after text: String) -> String

  // MARK: Cells

  var code: String { get }
  func lines(_ count: Int) -> String
  /// What opens the rest of a long output.
  func moreLines(_ count: Int) -> String
  /// What stands for the middle of an output that is too long for a page.
  func linesLeftOut(_ count: Int) -> String
  /// What stands above a part of a table that is too wide for a page: its columns, counted from 1.
  func columns(_ first: Int, _ last: Int, of count: Int) -> String
  /// What stands in a table without rows.
  var noRows: String { get }
  var standardError: String { get }
  var failed: String { get }
  var failedAsExpected: String { get }
  var details: String { get }
  var stale: String { get }
  var staleExplanation: String { get }
  /// The badge of a cell whose result is kept: when and where it was made.
  func pinned(date: String, place: String) -> String
  var notRun: String { get }
  /// Why a cell did not run, in three parts around the names of the cells it needs.
  func notRunBecause(count: Int) -> (before: String, separator: String, after: String)
  var best: String { get }
  var taskDone: String { get }
  var taskOpen: String { get }
  /// What stands in the place of a picture that can't be shown.
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
  /// Of the curve of a figure from report to report.
  func overTheWeeks(_ figure: String) -> String

  // MARK: Proof

  var proof: ProofWords { get }

  // MARK: Numbers

  func number(_ value: Int) -> String
  /// A duration to about two digits.
  func duration(_ seconds: Double) -> String
  func day(_ date: CalendarDay) -> String
  func week(_ week: Int, year: Int) -> String
  func range(_ first: CalendarDay, _ last: CalendarDay) -> String
}

/// A fact at the foot of a report.
package enum ProvenanceFact: Sendable, CaseIterable {
  case notebook, parameters, seed, data, outside, labbook, toolchain, system, processor, kernels, date, key
}

/// Why a picture can't be shown.
package enum PictureProblem: Sendable {
  case missing, unknownFormat, remote
}

/// The words for a BCP 47 tag: Chinese for any tag of Chinese, English for all that has no words yet.
package func reportWords(for tag: String) -> any Words {
  let primary = tag.lowercased().prefix { $0 != "-" && $0 != "_" }
  switch primary {
  case "zh": return ChineseWords()
  default: return EnglishWords()
  }
}

extension Words {
  /// A front matter's date in words: a day (`2023-11-16`), a week (`2023-W46`), days from-to (`2023-11-10/2023-11-16`);
  /// anything else as it is written.
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

  /// Seconds, minutes or hours, in the language's units.
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

  /// Digits in groups of three.
  package func grouped(_ value: Int, separator: String) -> String {
    let digits = String(value.magnitude)
    let groups = stride(from: digits.count, to: 0, by: -3).map { end in
      String(digits.dropLast(digits.count - end).suffix(3))
    }
    return (value < 0 ? "−" : "") + groups.reversed().joined(separator: separator)
  }
}
