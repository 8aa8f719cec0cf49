import Basics
import Engine

/// The words of a report in English.
package struct EnglishWords: Words {
  package init() {}

  package let tag = "en"

  package let contents = "Contents"
  package let skipToReport = "Skip to the report"
  package let footnotes = "Notes"
  package let backToText = "Back to the text"
  package let provenance = "How this report was made"

  package func provenanceLabel(_ fact: ProvenanceFact) -> String {
    switch fact {
    case .notebook: "Notebook"
    case .parameters: "Parameters"
    case .seed: "Seed"
    case .data: "Data"
    case .outside: "Files from outside"
    case .labbook: "Labbook"
    case .toolchain: "Toolchain"
    case .system: "System"
    case .processor: "Processor"
    case .kernels: "Kernels"
    case .date: "Results of"
    case .key: "Signed with key"
    }
  }

  package func files(_ count: Int, in folder: String) -> String { "\(count) files in \(folder)" }
  package func figure(_ number: Int) -> String { "Figure\u{A0}\(number)" }
  package func table(_ number: Int) -> String { "Table\u{A0}\(number)" }
  package let unknownFigure = "Figure\u{A0}?"
  package let unknownTable = "Table\u{A0}?"
  package let figureWords = ["figure", "fig.", "fig"]
  package let tableWords = ["table", "tbl.", "tbl"]
  package func remark(_ remark: String, after text: String) -> String { "\(text) (\(remark))" }

  package let code = "Code"
  package func lines(_ count: Int) -> String { count == 1 ? "1 line" : "\(number(count)) lines" }
  package func moreLines(_ count: Int) -> String { count == 1 ? "1 more line" : "\(number(count)) more lines" }
  package func columns(_ first: Int, _ last: Int, of count: Int) -> String {
    first == last ? "Column \(first) of \(count)" : "Columns \(first)–\(last) of \(count)"
  }
  package func isOnNextTurnedPage(_ label: String?) -> String {
    "\(label ?? "The table here") is on the next page in landscape orientation."
  }
  package var noRows: String { "no rows" }
  package func linesLeftOut(_ count: Int) -> String { "\(lines(count)) left out" }
  package let standardError = "Standard error"
  package let failed = "This cell failed"
  package let failedAsExpected = "This cell failed, as expected"
  package let details = "Details"
  package let stale = "Stale"
  package let staleExplanation = "The cell, or something it uses, has changed since this result was made."
  package func pinned(date: String, place: String) -> String { "Pinned: result of \(date), \(place)" }
  package let notRun = "Not run"

  package func notRunBecause(count: Int) -> (before: String, separator: String, after: String) {
    ("This cell needs ", ", ", count == 1 ? ", which gave no result." : ", which gave no results.")
  }

  package let best = "best"
  package let taskDone = "done"
  package let taskOpen = "to do"

  package func picture(_ name: String, problem: PictureProblem) -> String {
    switch problem {
    case .missing: "The picture “\(name)” is missing."
    case .unknownFormat: "“\(name)” is not a PNG, JPEG, GIF, WebP or SVG picture."
    case .remote: "The picture “\(name)” is on the network and not part of this report."
    }
  }

  package func pictureLink(_ name: String) -> String { "\(name) as a PNG picture" }

  package func textsFailed(_ count: Int) -> String { "\(count) failed in the text" }
  package func cellsFailed(_ count: Int) -> String { count == 1 ? "1 cell failed" : "\(count) cells failed" }
  package func cellsNotRun(_ count: Int) -> String { count == 1 ? "1 cell was not run" : "\(count) cells were not run" }
  package func cellsStale(_ count: Int) -> String { count == 1 ? "1 result is stale" : "\(count) results are stale" }
  package func computation(_ duration: String) -> String { "\(duration) of computation" }
  package let reports = "Reports"
  package func overTheWeeks(_ figure: String) -> String { "\(figure), report by report" }

  package let proof = ProofWords.english

  package func number(_ value: Int) -> String { grouped(value, separator: ",") }
  package func duration(_ seconds: Double) -> String { duration(seconds, units: ("h", "min", "s")) }

  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
  ]

  package func day(_ date: CalendarDay) -> String { "\(date.day) \(Self.months[date.month - 1]) \(date.year)" }
  package func week(_ week: Int, year: Int) -> String { "Week \(week) of \(year)" }

  package func range(_ first: CalendarDay, _ last: CalendarDay) -> String {
    if first.year != last.year { return "\(day(first)) – \(day(last))" }
    if first.month != last.month { return "\(first.day) \(Self.months[first.month - 1]) – \(day(last))" }
    return "\(first.day)–\(day(last))"
  }
}
