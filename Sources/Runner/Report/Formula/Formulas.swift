import Core
import Foundation
import Plot

/// The formulas of a report as MathML, translated from TeX by blahtexml in one go.
///
/// Where the tool is missing or does not understand a formula, its TeX stands in the report.
struct Formulas: Sendable {
  /// A formula as it stands in the text.
  struct Source: Hashable, Sendable {
    var tex: String
    var display: Bool
  }

  private var elements: [Source: MathElement] = [:]
  /// What the author should know: formulas that were not understood, a tool that is missing.
  private(set) var warnings: [InputError] = []

  /// Formulas with more characters than this are not translated.
  private static let greatestLength = 20_000

  static let none = Formulas()
  private init() {}

  /// Translates all formulas of a report: those of its text, its captions and the Markdown that cells show.
  /// - Parameter tool: the name or path of blahtexml.
  init(of report: Report, tool: String = "blahtexml") {
    let found = Self.sources(in: report)
    guard !found.isEmpty else { return }
    var sources: [Source] = []
    for formula in found where !sources.contains(formula.source) && formula.source.tex.count <= Self.greatestLength {
      sources.append(formula.source)
    }
    guard let translator = FormulaTranslator(tool: tool) else {
      warnings = [
        InputError(
          "formulas are shown as TeX because \(tool) is not installed", at: found.first?.place,
          remedy: "Install it: apt-get install blahtexml")
      ]
      return
    }
    var problems: [Source: String] = [:]
    for (source, result) in zip(sources, translator.translate(sources)) {
      switch result {
      case .success(let element): elements[source] = element
      case .failure(let problem): problems[source] = problem.cause
      }
    }
    for formula in found where elements[formula.source] == nil {
      let cause = problems[formula.source] ?? "it is too long"
      let shown = formula.source.tex.count > 40 ? formula.source.tex.prefix(40) + "…" : formula.source.tex[...]
      warnings.append(
        InputError("the formula \(shown) is shown as TeX: \(cause)", at: formula.place))
    }
  }

  /// A formula's MathML; nil for one that is shown as TeX.
  subscript(tex: String, display display: Bool) -> MathElement? {
    elements[Source(tex: tex, display: display)]
  }

  /// All formulas in reading order, each as often as it stands there.
  private static func sources(in report: Report) -> [(source: Source, place: Place)] {
    var found: [(source: Source, place: Place)] = []
    func add(_ inlines: [Inline], at place: Place) {
      for case .math(let tex, let display) in inlines.flattened {
        found.append((Source(tex: tex, display: display), place))
      }
    }
    func add(_ blocks: [Block], at place: (Block) -> Place) {
      for block in blocks.flattened {
        switch block.content {
        case .math(let tex): found.append((Source(tex: tex, display: true), place(block)))
        case .paragraph, .heading, .table: add([block].ownInlines, at: place(block))
        default: break
        }
      }
    }
    func add(markdown: String, at place: Place) {
      guard markdown.contains("$") else { return }
      let document = Document(markdown: markdown, file: report.document.file)
      add(document.blocks + document.footnotes.flatMap { $0 }) { _ in place }
    }
    let document = report.document
    add(document.blocks + document.footnotes.flatMap { $0 }) { document.place($0.position) }
    for code in document.codeBlocks {
      guard let cell = report.cells[code.position.line], cell.showsOutput else { continue }
      let place = document.place(code.position)
      for caption in cell.options.figureCaptions + cell.options.tableCaptions { add(markdown: caption, at: place) }
      for output in cell.outputs {
        switch output {
        case .markdown(let markdown): add(markdown: markdown, at: place)
        case .table(let table): add(markdown: table.caption ?? "", at: place)
        case .chart, .printed, .printedError: break
        }
      }
    }
    return found
  }
}

extension [Block] {
  /// The runs of text directly in these blocks.
  fileprivate var ownInlines: [Inline] {
    flatMap { block -> [Inline] in
      switch block.content {
      case .paragraph(let inlines), .heading(_, let inlines): inlines
      case .table(let table): (table.header + table.rows.flatMap { $0 }).flatMap { $0 }
      default: []
      }
    }
  }
}
