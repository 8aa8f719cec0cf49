/// The words of a report in English.
struct EnglishWords: Words {
  let tag = "en"

  let contents = "Contents"
  let skipToReport = "Skip to the report"
  let footnotes = "Notes"
  let backToText = "Back to the text"
  let provenance = "How this report was made"

  func provenanceLabel(_ fact: ProvenanceFact) -> String {
    switch fact {
    case .notebook: "Notebook"
    case .parameters: "Parameters"
    case .seed: "Seed"
    case .data: "Data"
    case .labbook: "Labbook"
    case .toolchain: "Toolchain"
    case .system: "System"
    case .processor: "Processor"
    case .kernels: "Kernels"
    case .date: "Results of"
    }
  }

  func figure(_ number: Int) -> String { "Figure\u{A0}\(number)" }
  func table(_ number: Int) -> String { "Table\u{A0}\(number)" }
  let unknownFigure = "Figure\u{A0}?"
  let unknownTable = "Table\u{A0}?"
  let figureWords = ["figure", "fig.", "fig"]
  let tableWords = ["table", "tbl.", "tbl"]
  func remark(_ remark: String, after text: String) -> String { "\(text) (\(remark))" }

  let code = "Code"
  func lines(_ count: Int) -> String { count == 1 ? "1 line" : "\(number(count)) lines" }
  func moreLines(_ count: Int) -> String { count == 1 ? "1 more line" : "\(number(count)) more lines" }
  func linesLeftOut(_ count: Int) -> String { "\(lines(count)) left out" }
  let standardError = "Standard error"
  let failed = "This cell failed"
  let failedAsExpected = "This cell failed, as expected"
  let details = "Details"
  let stale = "Stale"
  let staleExplanation = "The cell, or something it uses, has changed since this result was made."
  let notRun = "Not run"

  func notRunBecause(count: Int) -> (before: String, separator: String, after: String) {
    ("This cell needs ", ", ", count == 1 ? ", which gave no result." : ", which gave no results.")
  }

  let best = "best"
  let taskDone = "done"
  let taskOpen = "to do"

  func picture(_ name: String, problem: PictureProblem) -> String {
    switch problem {
    case .missing: "The picture “\(name)” is missing."
    case .unknownFormat: "“\(name)” is not a PNG, JPEG, GIF, WebP or SVG picture."
    case .remote: "The picture “\(name)” is on the network and not part of this report."
    }
  }

  func pictureLink(_ name: String) -> String { "\(name) as a PNG picture" }

  func cellsFailed(_ count: Int) -> String { count == 1 ? "1 cell failed" : "\(count) cells failed" }
  func cellsNotRun(_ count: Int) -> String { count == 1 ? "1 cell was not run" : "\(count) cells were not run" }
  func cellsStale(_ count: Int) -> String { count == 1 ? "1 result is stale" : "\(count) results are stale" }
  func computation(_ duration: String) -> String { "\(duration) of computation" }
  let reports = "Reports"
  func overTheWeeks(_ figure: String) -> String { "\(figure), report by report" }

  let proof = ProofWords.english

  func number(_ value: Int) -> String { grouped(value, separator: ",") }
  func duration(_ seconds: Double) -> String { duration(seconds, units: ("h", "min", "s")) }

  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
  ]

  func day(_ date: CalendarDay) -> String { "\(date.day) \(Self.months[date.month - 1]) \(date.year)" }
  func week(_ week: Int, year: Int) -> String { "Week \(week) of \(year)" }

  func range(_ first: CalendarDay, _ last: CalendarDay) -> String {
    if first.year != last.year { return "\(day(first)) – \(day(last))" }
    if first.month != last.month { return "\(first.day) \(Self.months[first.month - 1]) – \(day(last))" }
    return "\(first.day)–\(day(last))"
  }
}
