import Core
import Markup

extension Formulas {
  /// Translates all formulas of a report: those of its text, its captions and the Markdown that cells show.
  /// - Parameter tool: The name or path of blahtexml.
  package init(of report: Report, tool: String = "blahtexml") {
    self.init(Self.sources(in: report), tool: tool)
  }

  /// All formulas in reading order, including repeated ones.
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
      guard markdown.utf8.contains(UInt8(ascii: "$")) else { return }
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
  /// The inlines directly in these blocks.
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
