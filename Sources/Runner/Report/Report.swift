import Core
import Foundation
import Plot

/// All that a report shows, as plain values; writers turn it into HTML and pictures and decide nothing else.
struct Report: Sendable {
  var frontMatter: FrontMatter
  var document: Document
  /// What became of each cell, by the line of its opening fence.
  var cells: [Int: CellReport]
  /// What became of each inline expression, by its index in the document.
  var expressions: [Int: ExpressionReport]
  /// Facts for the foot of the page, in order: label (already in the report's language) and value.
  var provenance: [(label: String, value: String)]
  /// Seconds of computation that the results shown here took, whenever they were made.
  var seconds: Double
  /// The figures that the head answers with, and what they were in the report before.
  var headline: [MetricChange] = []
  /// How running it again from nothing ended; nil when that was not done for these results.
  var verification: Verification?
  /// What the results were made from and with.
  var lock: ReportLock?
  /// The files that the page carries.
  var archive: ReportArchive?
  /// The folder that the report is written to; nil for a report that stands nowhere.
  var folder: URL?
  /// Whether its charts stand as PNG files beside the page.
  var hasPictureFiles = true
  /// What the author should know.
  var warnings: [InputError] = []
}

/// One cell as the report shows it.
struct CellReport: Sendable {
  enum State: Sendable {
    case succeeded
    /// The result is of an earlier version of the cell or its inputs.
    case stale
    case failed(CellFailure)
    /// Not run because these cells, which it needs, failed or were not run.
    case notRun(needs: [String])
  }

  var name: String
  /// The cell's Swift source without its option lines.
  var source: String
  /// The Markdown line of `source`'s first line.
  var sourceLine: Int
  var options: CellOptions
  var state: State
  var outputs: [CellOutput]
  /// Seconds the cell ran, nil when it did not.
  var seconds: Double?
}

/// Why a cell gave no result.
struct CellFailure: Codable, Hashable, Sendable {
  /// One line: what happened.
  var message: String
  /// Where in the Markdown file, as far as known.
  var place: Place?
  /// More lines to show as they are: compiler notes, a stack trace, the end of standard error.
  var details: String?
}

/// What a cell showed or printed, in order.
enum CellOutput: Codable, Sendable {
  /// Text from standard output.
  case printed(String)
  /// Text from standard error.
  case printedError(String)
  case chart(Chart)
  case table(Table)
  /// Markdown that the cell made with `show(markdown:)`.
  case markdown(String)
}

/// The value of an inline expression as text, or why there is none.
enum ExpressionReport: Codable, Sendable {
  case value(String)
  case failed(CellFailure)
  case notRun(needs: [String])
}
