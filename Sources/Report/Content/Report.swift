import Core
import Engine
import Foundation
import Markup
import Wire

/// All that a report shows, as plain values; writers turn it into HTML and pictures and decide nothing else.
package struct Report: Sendable {
  package var frontMatter: FrontMatter
  package var document: Document
  /// What became of each cell, by the line of its opening fence.
  package var cells: [Int: CellReport]
  /// What became of each inline expression, by its index in the document.
  package var expressions: [Int: ExpressionReport]
  /// Facts for the foot of the page, in order: label (already in the report's language) and value.
  package var provenance: [(label: String, value: String)]
  /// Seconds of computation that the results shown here took, whenever they were made.
  package var seconds: Double
  /// The figures that the head answers with, and what they were in the report before.
  package var headline: [MetricChange] = []
  /// How running it again from nothing ended; nil when that was not done for these results.
  package var verification: Verification?
  /// Figures of all cells in order; nil where the report is not one of a run.
  package var metrics: [RecordedMetric]?
  /// The files that the page carries.
  package var attachments: [CarriedFile] = []
  /// The folder that the report is written to; nil for a report that stands nowhere.
  package var folder: URL?
  /// Whether its charts stand as PNG files beside the page.
  package var hasPictureFiles = true
  /// What the author should know.
  package var warnings: [InputError] = []

  package init(
    frontMatter: FrontMatter, document: Document, cells: [Int: CellReport], expressions: [Int: ExpressionReport],
    provenance: [(label: String, value: String)], seconds: Double, headline: [MetricChange] = [],
    verification: Verification? = nil, metrics: [RecordedMetric]? = nil, attachments: [CarriedFile] = [],
    hasPictureFiles: Bool = true, warnings: [InputError] = []
  ) {
    self.frontMatter = frontMatter
    self.document = document
    self.cells = cells
    self.expressions = expressions
    self.provenance = provenance
    self.seconds = seconds
    self.headline = headline
    self.verification = verification
    self.metrics = metrics
    self.attachments = attachments
    self.hasPictureFiles = hasPictureFiles
    self.warnings = warnings
  }
}

/// One cell as the report shows it.
package struct CellReport: Sendable {
  package var name: String
  /// The cell's Swift source without its option lines.
  package var source: String
  /// The Markdown line of `source`'s first line.
  package var sourceLine: Int
  package var options: CellOptions
  package var state: CellState
  /// Why it failed.
  package var failure: CellFailure?
  /// It was not run because these cells, which it needs, failed or were not run.
  package var needs: [String]
  package var outputs: [CellOutput]
  /// Seconds the cell ran, nil when it did not.
  package var seconds: Double?
  /// When and where the result of a pinned cell was made; nil for other cells.
  package var pinned: Origin?

  package init(
    name: String, source: String, sourceLine: Int, options: CellOptions, state: CellState = .fresh,
    failure: CellFailure? = nil, needs: [String] = [], outputs: [CellOutput] = [], seconds: Double? = nil,
    pinned: Origin? = nil
  ) {
    self.name = name
    self.source = source
    self.sourceLine = sourceLine
    self.options = options
    self.state = failure == nil ? state : .failed
    self.failure = failure
    self.needs = needs
    self.outputs = outputs
    self.seconds = seconds
    self.pinned = pinned
  }
}
