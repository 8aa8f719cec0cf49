import Core
import Engine
import Foundation
import Markup
import Wire

/// The whole content of a report as plain values. The writers only turn it into HTML, pictures and other formats.
package struct Report: Sendable {
  package var frontMatter: FrontMatter
  package var document: Document
  /// The outcome of each cell, by the line of its opening fence.
  package var cells: [Int: CellReport]
  /// The outcome of each inline expression, by its index in the document.
  package var expressions: [Int: ExpressionReport]
  /// Facts for the page's footer, in order: a label, which is in the report's language already, and a value.
  package var provenance: [(label: String, value: String)]
  /// The total computing time of the shown results in seconds, whenever they were made.
  package var seconds: Double
  /// The figures in the report's head, with their values in the previous report.
  package var headline: [MetricChange] = []
  /// The outcome of verifying these results; nil if they were not verified.
  package var verification: Verification?
  /// The figures of all cells, in order; nil if the report doesn't belong to a run.
  package var metrics: [RecordedMetric]?
  /// The files inside the page.
  package var attachments: [CarriedFile] = []
  /// The folder that the report is written to; nil if it isn't written to a folder.
  package var folder: URL?
  /// Whether its charts are also PNG files beside the page.
  package var hasPictureFiles = true
  /// Warnings for the author.
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
  /// The cause of its failure.
  package var failure: CellFailure?
  /// The cells that it needs and that failed or did not run. They are why it did not run.
  package var needs: [String]
  package var outputs: [CellOutput]
  /// The duration of the cell's run in seconds; nil if it did not run.
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
