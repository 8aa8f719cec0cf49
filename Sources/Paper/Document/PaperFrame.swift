import Foundation
import Report

/// Sets the parts around a report's text: its head, its notes and its footer.
extension PaperReport {
  mutating func head() {
    let report = content.report
    let size = style.fontSize
    let start = flow.strips.count
    if let title = report.frontMatter.title {
      var format = body.sized(1.95)
      format.isBold = true
      format.lineHeight = 1.3
      add(StyledText(titleLines(title, format)), format, isWhole: true, keepsWithNext: true)
    }
    let facts = content.facts
    if !facts.isEmpty {
      var format = body.sized(0.93)
      format.color = .muted
      add(StyledText(facts.joined(separator: "\u{2002}·\u{2002}")), format, above: 0.45 * size, keepsWithNext: true)
    }
    headline()
    let troubles = content.troubles
    if !troubles.isEmpty {
      var text = StyledText()
      for (number, trouble) in troubles.enumerated() {
        if number > 0 { text.append("\u{2002}") }
        let isBad = trouble.name == "failed"
        let link = trouble.anchor.map { [StyledText.Attribute.link(.place($0))] } ?? []
        text.append(
          Self.boxed(trouble.text),
          [.bold, .color(isBad ? .bad : .warn), .background(isBad ? .badSoft : .warnSoft)] + link)
      }
      add(text, body.sized(0.88), above: 0.9 * size, keepsWithNext: true)
    }
    guard flow.strips.count > start else { return }
    var rule = Strip(
      height: 0.8,
      marks: [
        PageMark(
          .box(fill: .line, stroke: nil, radius: 0), Area(x: column.left, y: 0, width: column.width, height: 0.8))
      ])
    (rule.above, rule.below) = (1.15 * size, 1.4 * size)
    rule.keepsWithNext = true
    add(rule)
  }

  /// A Chinese title of two lines is broken after a punctuation mark, if there is one, and not within a word.
  private func titleLines(_ title: String, _ format: TextFormat) -> String {
    guard setter.set(StyledText(title), format, width: column.width).lines.count == 2 else { return title }
    let halves = title.indices.dropLast().filter { "：，、；。—".contains(title[$0]) }.map { mark in
      let second = title.index(after: mark)
      return (first: String(title[..<second]), second: String(title[second...]))
    }
    func width(_ text: String) -> Double { setter.set(StyledText(text), format).width }
    let broken = halves.map { ($0.first + "\n" + $0.second, max(width($0.first), width($0.second))) }
    guard let best = broken.min(by: { $0.1 < $1.1 }), best.1 <= column.width else { return title }
    return best.0
  }

  /// The week's figures side by side, each with its previous value.
  private mutating func headline() {
    let figures = content.report.headline.filter { $0.new != nil }
    guard !figures.isEmpty else { return }
    let perRow = min(figures.count, column.width > 580 ? 4 : 3)
    let gap = 1.6 * style.fontSize
    let width = (column.width - gap * Double(perRow - 1)) / Double(perRow)
    for first in stride(from: 0, to: figures.count, by: perRow) {
      let row = figures[first..<min(first + perRow, figures.count)]
      let cards = row.map { card($0, width: width) }
      var strip = Strip(height: cards.map(\.height).max() ?? 0)
      for (position, card) in cards.enumerated() {
        strip.marks += card.marks.map { $0.moved(x: column.left + Double(position) * (width + gap)) }
      }
      strip.above = 1.25 * style.fontSize
      strip.keepsWithNext = true
      add(strip)
    }
  }

  private func card(_ figure: MetricChange, width: Double) -> (height: Double, marks: [PageMark]) {
    var name = smallFormat
    name.lineHeight = 1.4
    var value = body.sized(1.6)
    value.isBold = true
    value.lineHeight = 1.3
    value.hasTabularFigures = true
    var lines = [(StyledText(figure.name), name), (StyledText(figure.newText ?? "–"), value)]
    if let change = words.proof.change(figure) {
      let color: Ink =
        switch figure.judgement {
        case .better: .best
        case .worse: .bad
        case .same, .none: .muted
        }
      lines.append((StyledText(change, [.color(color)]), name))
    }
    var height = 0.0
    var marks: [PageMark] = []
    for (text, format) in lines {
      let set = setter.balanced(text, format, width: width)
      for (number, line) in set.lines.enumerated() {
        marks += set.marks(line: number, x: 0, baseline: height + line.ascent)
        height += line.height
      }
    }
    return (height, marks)
  }

  // MARK: Footnotes

  var noteFormat: TextFormat {
    var format = body.sized(0.84)
    format.lineHeight = 1.5
    format.color = .muted
    return format
  }

  /// The footnotes of the text being written. On sheets the notebook's own footnotes are at the foot of their pages,
  /// so they are not set here.
  mutating func notes() {
    let notes = content.scope.document.footnotes
    guard !notes.isEmpty else { return }
    let outer = (flow.strips, body)
    body = noteFormat
    var set: [[Strip]] = []
    for (number, note) in notes.enumerated() {
      flow.strips = []
      indented(left: 1.5 * noteFormat.size) { $0.blocks(note, isTight: true) }
      if let baseline = flow.strips.first?.firstBaseline {
        let label = setter.set(StyledText(String(number + 1)), noteFormat)
        flow.strips[0].marks += label.marks(line: 0, x: column.left, baseline: baseline)
        if content.scope.isNotebook {
          flow.strips[0].marks.append(
            PageMark(
              .place(Self.notePlace(number + 1)), Area(x: column.left, y: 0, width: column.width, height: 0)))
        }
      }
      for index in flow.strips.indices { flow.strips[index].notes = [] }
      set.append(flow.strips)
    }
    (flow.strips, body) = outer
    let standsAtFoot =
      style.height != nil && content.scope.isNotebook
      && set.allSatisfy { $0.height < style.columnHeight / 4 }
    if standsAtFoot {
      for (number, strips) in set.enumerated() { flow.notes[number + 1] = strips }
      return
    }
    var rule = Strip(
      height: 0.8,
      marks: [
        PageMark(
          .box(fill: .line, stroke: nil, radius: 0), Area(x: column.left, y: 0, width: column.width * 0.3, height: 0.8))
      ])
    (rule.above, rule.below) = (1.6 * style.fontSize, 0.7 * style.fontSize)
    rule.keepsWithNext = true
    add(rule)
    for strip in set.flatMap({ $0 }) { add(strip) }
  }

  // MARK: Foot

  /// The inputs and tools that made the results, in small print.
  mutating func foot() {
    let facts = content.provenance
    guard !facts.isEmpty else { return }
    let size = style.fontSize
    var rule = Strip(
      height: 0.8,
      marks: [
        PageMark(
          .box(fill: .line, stroke: nil, radius: 0), Area(x: column.left, y: 0, width: column.width, height: 0.8))
      ])
    (rule.above, rule.below) = (2.8 * size, 0.8 * size)
    rule.keepsWithNext = true
    add(rule)
    var format = body.sized(0.76)
    format.lineHeight = 1.5
    format.color = .muted
    add(StyledText(words.provenance, [.bold]), format, below: 0.35 * size, keepsWithNext: true)
    guard style.height == nil else {
      // The facts are set as running text, so that they rarely need a page of their own.
      var text = StyledText()
      for (number, fact) in facts.enumerated() {
        if number > 0 { text.append("\u{2003}") }
        // Word joiners keep a label on one line.
        text.append(fact.label.map(String.init).joined(separator: "\u{2060}"), [.bold])
        text.append("\u{A0}\(fact.value)")
      }
      add(text, format, isWhole: true)
      return
    }
    let labels = facts.map { setter.set(StyledText($0.label, [.bold]), format) }
    let indent = (labels.map(\.width).max() ?? 0) + 1.2 * format.size
    let first = flow.strips.count
    for (label, fact) in zip(labels, facts) {
      let start = flow.strips.count
      indented(left: indent) { $0.add(StyledText(fact.value.isEmpty ? " " : fact.value), format) }
      guard flow.strips.count > start else { continue }
      flow.strips[start].marks += label.marks(
        line: 0, x: column.left, baseline: flow.strips[start].firstBaseline ?? format.size)
    }
    for index in first..<max(first, flow.strips.count - 1) { flow.strips[index].keepsWithNext = true }
  }
}
