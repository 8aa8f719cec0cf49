import Foundation
import Markup

/// The numbers, names and anchors of everything that a report can refer to. All formats share them.
package struct ReportNumbering: Sendable {
  package enum Kind: Sendable {
    case figure, table
  }

  /// A numbered figure or table.
  package struct Entry: Sendable {
    package var kind: Kind
    /// The number from 1. Figures and tables are counted separately.
    package var number: Int
    /// The anchor: `fig-loss`, or `fig-loss-2` for a cell's second chart.
    package var anchor: String
    /// The name of the picture file beside the report, without its extension; nil for tables and for pictures of the
    /// text.
    package var fileName: String?
    package var caption: String?
  }

  package struct Heading: Sendable {
    package var level: Int
    package var content: [Inline]
    package var anchor: String
  }

  private struct OutputKey: Hashable {
    var line: Int
    var output: Int
  }

  private var outputs: [OutputKey: Entry] = [:]
  private var images: [SourcePosition: Entry] = [:]
  private var targets: [String: Entry] = [:]
  private var headingAnchors: [SourcePosition: String] = [:]
  private var cellAnchors: [String: String] = [:]
  private var anchors = AnchorRegistry()
  private var fileNames = FileNameRegistry()
  private let cellNames: Set<String>
  /// Cells that did not run to their end, so that outputs may be missing.
  private let unfinishedCells: Set<String>
  /// The headings of the text in order.
  package private(set) var headings: [Heading] = []

  package init(_ report: Report) {
    cellNames = Set(report.cells.values.map(\.name))
    unfinishedCells = Set(report.cells.values.filter { $0.showsOutput && $0.isUnfinished }.map(\.name))
    var counts: [Kind: Int] = [.figure: 0, .table: 0]
    for block in report.document.allBlocks {
      switch block.content {
      case .code(let code):
        guard let cell = report.cells[code.position.line] else { continue }
        if cell.hasParts { cellAnchors[cell.name] = anchors.add("cell-\(cell.name)") }
        if cell.showsOutput { number(cell, line: code.position.line, counts: &counts) }
      case .paragraph(let inlines):
        guard case .image(let image)? = inlines.first, inlines.count == 1, !image.title.isEmpty else { continue }
        counts[.figure, default: 0] += 1
        let name = URL(fileURLWithPath: image.source).deletingPathExtension().lastPathComponent
        let entry = Entry(
          kind: .figure, number: counts[.figure, default: 0], anchor: anchors.add("fig-\(name)"), fileName: nil,
          caption: image.title)
        images[image.position] = entry
        targets[entry.anchor] = entry
      default: continue
      }
    }
    for (level, content, position) in report.document.headings {
      let anchor = anchors.add(heading: content.headingText)
      headingAnchors[position] = anchor
      headings.append(Heading(level: level, content: content, anchor: anchor))
    }
  }

  private mutating func number(_ cell: CellReport, line: Int, counts: inout [Kind: Int]) {
    var inCell: [Kind: Int] = [:]
    for (index, output) in cell.outputs.enumerated() {
      let kind: Kind
      var caption: String?
      switch output {
      case .chart: kind = .figure
      case .table(let table): (kind, caption) = (.table, table.caption)
      case .printed, .printedError, .markdown: continue
      }
      counts[kind, default: 0] += 1
      let order = inCell[kind, default: 0]
      inCell[kind] = order + 1
      let captions = kind == .figure ? cell.options.figureCaptions : cell.options.tableCaptions
      if captions.indices.contains(order), !captions[order].isEmpty { caption = captions[order] }
      let prefix = kind == .figure ? "fig-" : "tbl-"
      let base = cell.name.hasPrefix(prefix) ? cell.name : prefix + cell.name
      let suffix = suffix(cell.name, order: order)
      let entry = Entry(
        kind: kind, number: counts[kind, default: 0], anchor: anchors.add(base + suffix),
        fileName: kind == .figure ? fileNames.add(png: Self.fileName(cell.name) + suffix) : nil, caption: caption)
      outputs[OutputKey(line: line, output: index)] = entry
      targets[entry.anchor] = entry
    }
  }

  /// The suffix of a cell's figure or table: empty for the first, `-2` for the second unless another cell has that
  /// name.
  private func suffix(_ cell: String, order: Int) -> String {
    guard order > 0 else { return "" }
    var number = order + 1
    while cellNames.contains("\(cell)-\(number)") { number += 1 }
    return "-\(number)"
  }

  /// A file name that all file systems allow. Chinese characters are kept.
  private static func fileName(_ cell: String) -> String {
    let safe = cell.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "-" }
    let name = String(safe.drop { $0 == "." })
    return name.isEmpty ? "figure" : name
  }

  /// The numbered entry of one of a cell's outputs; nil when the output has no number or isn't shown.
  /// - Parameter line: The line of the cell's opening fence.
  package func entry(line: Int, output: Int) -> Entry? {
    outputs[OutputKey(line: line, output: output)]
  }

  /// The numbered entry of a picture that is alone in its paragraph and has a caption.
  package func entry(image: Inline.Image) -> Entry? {
    images[image.position]
  }

  /// The figure or table that a link to `#fragment` refers to.
  package func target(_ fragment: String) -> Entry? {
    targets[fragment]
  }

  /// The cell that should show a figure or table of this name but did not run to its end; nil when there is none.
  package func unfinishedCell(showing fragment: String, prefix: String) -> String? {
    let bare = String(fragment.dropFirst(prefix.count))
    let first = bare[...].trimmingSuffix(while: \.isNumber)
    let names = [bare, fragment] + (first.hasSuffix("-") ? [String(first.dropLast())] : [])
    return names.first(where: unfinishedCells.contains)
  }

  /// The names of all figures and tables.
  package var targetNames: [String] {
    targets.values.sorted { ($0.kind == .table ? 1 : 0, $0.number) < ($1.kind == .table ? 1 : 0, $1.number) }.map(
      \.anchor)
  }

  package func anchor(heading position: SourcePosition) -> String? {
    headingAnchors[position]
  }

  /// The anchor of a cell; nil if the report shows nothing of it.
  package func anchor(cell name: String) -> String? {
    cellAnchors[name]
  }

  /// Whether a link to `#fragment` has a target.
  package func hasAnchor(_ fragment: String) -> Bool {
    anchors.contains(fragment)
  }
}

extension CellReport {
  /// Whether the report contains the cell's output.
  package var showsOutput: Bool { options.include && options.output }

  /// Whether the cell failed or did not run.
  package var isUnfinished: Bool { !state.hasResult }
}
