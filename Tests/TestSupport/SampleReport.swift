import Core
import Engine
import Markup
import Plot
import Report

/// A report made of Markdown text and of outcomes of its cells by name.
package struct SampleReport {
  package var language = "en"
  package var title: String?
  package var markdown: String
  package var cells: [String: CellReport] = [:]
  package var expressions: [String: ExpressionReport] = [:]

  package init(
    language: String = "en", title: String? = nil, markdown: String, cells: [String: CellReport] = [:],
    expressions: [String: ExpressionReport] = [:]
  ) {
    self.language = language
    self.title = title
    self.markdown = markdown
    self.cells = cells
    self.expressions = expressions
  }

  package var report: Report {
    var matter = FrontMatter()
    matter.title = title
    matter.language = language
    let document = Document(markdown: markdown, file: "week.md")
    var byLine: [Int: CellReport] = [:]
    for code in document.codeBlocks {
      guard let start = code.info.firstIndex(of: "#"),
        var cell = cells[String(code.info[start...].dropFirst().dropLast())]
      else { continue }
      cell.source = code.literal
      cell.sourceLine = code.contentLine
      byLine[code.position.line] = cell
    }
    var byIndex: [Int: ExpressionReport] = [:]
    for expression in document.expressions { byIndex[expression.index] = expressions[expression.source] }
    return Report(
      frontMatter: matter, document: document, cells: byLine, expressions: byIndex, provenance: [], seconds: 0)
  }

  /// The page with pictures from `files`.
  package func page(files: [String: [UInt8]] = [:]) -> (html: String, warnings: [String]) {
    let page = HTMLReport.page(for: report) { path in files[path].map { .init($0) } }
    return (page.html, page.warnings.map(\.description))
  }

  package static func cell(
    _ name: String, _ outputs: [CellOutput] = [], state: CellState = .fresh, failure: CellFailure? = nil,
    needs: [String] = [], seconds: Double? = 1.5, options: CellOptions = CellOptions()
  ) -> CellReport {
    CellReport(
      name: name, source: "", sourceLine: 0, options: options, state: state, failure: failure, needs: needs,
      outputs: outputs, seconds: seconds)
  }

  package static let chart = Chart.lossCurves([
    LossCurve(label: "a", training: [1, 0.5, 0.3], validation: [1.1, 0.6, 0.4])
  ])
  package static let table = Table(
    columns: ["设置", .number("gap", unit: "ms", better: .lower), .percent("within", better: .higher)],
    rows: [["a", 0.25, 0.5], ["b", 0.125, 0.75], ["c", nil, 0.6]])
}
