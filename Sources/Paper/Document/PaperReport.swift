import Core
import Foundation
import Markup
@_spi(Drawing) import Plot
import Report

/// Sets a report for paper and pictures: the same document, numbers and words as the HTML page, as strips from top to
/// bottom.
///
/// Foldable parts of the page are adapted to paper: code is left out, long output is shortened, and the provenance of
/// the results is at the end in small print.
struct PaperReport {
  var content: ReportContent
  let style: PageStyle
  let setter: TextSetter
  var flow = Flow()
  /// The horizontal range of the text that is being set.
  var column: (left: Double, width: Double)
  var backdrops: [Backdrop] = []
  var backdropCount = 0
  /// The format of paragraphs, which quotes and notes change.
  var body: TextFormat

  var words: any Words { content.words }
  var isChinese: Bool { words.tag.hasPrefix("zh") }

  /// - Throws: `DrawingError` when Pango can't be set up.
  init(_ content: ReportContent, style: PageStyle) throws {
    self.content = content
    self.style = style
    setter = try TextSetter(language: content.report.frontMatter.language)
    column = (style.margin.side, style.column)
    body = TextFormat(size: style.fontSize)
    body.lineHeight = isChinese ? 1.72 : 1.58
  }

  /// All strips of a report.
  static func flow(of content: ReportContent, style: PageStyle) throws -> (flow: Flow, warnings: [InputError]) {
    try DrawingLock.withLock {
      var writer = try PaperReport(content, style: style)
      writer.write()
      if !writer.setter.missing.isEmpty { writer.warnOfMissing(writer.setter.missing) }
      return (writer.flow, writer.content.formulas.warnings + writer.content.warnings)
    }
  }

  private mutating func write() {
    head()
    blocks(content.report.document.blocks)
    notes()
    foot()
  }

  private mutating func warnOfMissing(_ characters: [Unicode.Scalar]) {
    let named = characters.prefix(5).map { scalar in
      let code = String(scalar.value, radix: 16, uppercase: true)
      return "\"\(scalar)\" (U+\(String(repeating: "0", count: max(0, 4 - code.count)))\(code))"
    }
    let more = characters.count > 5 ? " and \(characters.count - 5) more" : ""
    content.warn(
      "no installed font has \(named.joined(separator: ", "))\(more), which the PDF and the picture show as boxes",
      at: nil, remedy: "Install more fonts: apt-get install fonts-noto")
  }

  // MARK: Adding strips

  mutating func add(_ strip: Strip) {
    var strip = strip
    strip.backdrops = backdrops
    flow.strips.append(strip)
  }

  /// Changes the last strip. It does nothing if there is none from `start` on.
  mutating func changeLast(from start: Int, _ change: (inout Strip) -> Void) {
    guard flow.strips.count > start else { return }
    change(&flow.strips[flow.strips.count - 1])
  }

  /// Adds the lines of a text.
  /// - Parameters:
  ///   - above: The gap above the first line; `below` is the gap below the last.
  ///   - isWhole: Whether a page break inside is forbidden.
  ///   - keepsWithNext: Whether a page break after it is forbidden.
  mutating func add(
    _ text: StyledText, _ format: TextFormat, above: Double = 0, below: Double = 0, isWhole: Bool = false,
    keepsWithNext: Bool = false
  ) {
    guard !text.isEmpty else { return }
    let set = setter.set(text, format, width: column.width)
    for (number, line) in set.lines.enumerated() {
      var strip = Strip(
        height: line.height, marks: set.marks(line: number, x: column.left, baseline: line.ascent))
      let isLast = number == set.lines.count - 1
      if number == 0 { strip.above = above }
      if isLast { strip.below = below }
      // Neither the first nor the last line of a paragraph is alone on a page.
      strip.keepsWithNext =
        isLast ? keepsWithNext : isWhole || number == 0 || number == set.lines.count - 2
      strip.notes = content.scope.isNotebook ? set.notes(line: number) : []
      add(strip)
    }
  }

  /// Adds empty room that belongs to the strip before or after it.
  mutating func add(room: Double, keepsWithNext: Bool) {
    var strip = Strip(height: room)
    strip.keepsWithNext = keepsWithNext
    add(strip)
  }

  /// Sets content in a narrower column.
  mutating func indented(left: Double, right: Double = 0, _ write: (inout PaperReport) -> Void) {
    let outer = column
    column = (outer.left + left, max(outer.width - left - right, 40))
    write(&self)
    column = outer
  }

  /// Sets content on a box of its own or beside a bar.
  mutating func boxed(
    fill: Ink?, bar: Ink?, padding: (vertical: Double, horizontal: Double), margin: Double,
    _ write: (inout PaperReport) -> Void
  ) {
    let outer = backdrops
    backdropCount += 1
    backdrops.append(
      Backdrop(number: backdropCount, x: column.left, width: column.width, fill: fill, bar: bar))
    let start = flow.strips.count
    add(room: padding.vertical, keepsWithNext: true)
    indented(left: padding.horizontal, right: fill == nil ? 0 : padding.horizontal) { write(&$0) }
    flow.strips[start + 1 < flow.strips.count ? start + 1 : start].above = 0
    changeLast(from: start) {
      $0.below = 0
      $0.keepsWithNext = true
    }
    add(room: padding.vertical, keepsWithNext: false)
    backdrops = outer
    flow.strips[start].above = margin
    changeLast(from: start) { $0.below = margin }
  }

  /// Sets a piece of Markdown that is not the notebook's own text.
  mutating func within(_ document: Document, _ write: (inout PaperReport) -> Void) {
    let outer = content.enter(document)
    write(&self)
    content.scope = outer
  }
}
