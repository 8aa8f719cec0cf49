/// A formula with expressions in it: `` $p = `{swift} 1.0 / 3`$ ``.
package struct InlineFormula: Hashable, Sendable {
  package enum Part: Hashable, Sendable {
    case tex(String)
    case expression(InlineExpression)
  }

  package var parts: [Part]
  /// Whether it is a display formula.
  package var display: Bool

  package var expressions: [InlineExpression] {
    parts.compactMap { if case .expression(let expression) = $0 { expression } else { nil } }
  }

  /// The formula with its values; nil if a value is missing.
  package func tex(_ value: (InlineExpression) -> String?) -> String? {
    var result = ""
    for part in parts {
      switch part {
      case .tex(let tex): result += tex
      case .expression(let expression):
        guard let value = value(expression) else { return nil }
        result += Self.tex(value)
      }
    }
    return result
  }

  /// The inlines for a formula with a missing value: its TeX as text, and its expressions as they are shown
  /// elsewhere.
  package var unfilled: [Inline] {
    // Spaces separate adjacent backticks, which would otherwise form a longer fence.
    parts.enumerated().flatMap { index, part -> [Inline] in
      let space: [Inline] = index > 0 ? [.text(" ")] : []
      switch part {
      case .tex(let tex): return space + [.code(tex.trimmingWhitespace())]
      case .expression(let expression): return space + [.expression(expression)]
      }
    }
  }

  /// A value as TeX. Numbers get TeX's own signs, and other texts are read as TeX.
  private static func tex(_ value: String) -> String {
    guard let match = value.wholeMatch(of: /(−?)(\d[\d,]*(?:\.\d+)?|∞)(?:×10(⁻?)([⁰¹²³⁴⁵⁶⁷⁸⁹]+))?(\s?%)?/) else {
      return value
    }
    let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    var result = match.1.isEmpty ? "" : "-"
    result += match.2 == "∞" ? "\\infty " : match.2.replacing(",", with: "{,}")
    if let power = match.4 {
      let number = power.compactMap { digits.firstIndex(of: $0).map(String.init) }.joined()
      result += " \\times 10^{\((match.3 ?? "").isEmpty ? "" : "-")\(number)}"
    }
    return "{\(result)\(match.5 == nil ? "" : "\\%")}"
  }
}

extension [Inline] {
  /// These inlines with values in the formulas that have expressions.
  package func filled(_ value: (InlineExpression) -> String?) -> [Inline] {
    flatMap { inline -> [Inline] in
      switch inline {
      case .formula(let formula): formula.tex(value).map { [.math($0, display: formula.display)] } ?? formula.unfilled
      case .styled(let style, let content): [.styled(style, content.filled(value))]
      case .link(let link):
        [
          .link(
            Inline.Link(
              destination: link.destination, title: link.title, content: link.content.filled(value),
              position: link.position))
        ]
      default: [inline]
      }
    }
  }
}

extension [Block] {
  /// These blocks with values in the formulas that have expressions.
  package func filled(_ value: (InlineExpression) -> String?) -> [Block] {
    map { block in
      var block = block
      switch block.content {
      case .paragraph(let inlines):
        let filled = inlines.filled(value)
        if case .math(let tex, display: true)? = filled.first, filled.count == 1 {
          block.content = .math(tex)
        } else {
          block.content = .paragraph(filled)
        }
      case .heading(let level, let inlines): block.content = .heading(level: level, inlines.filled(value))
      case .quote(let blocks): block.content = .quote(blocks.filled(value))
      case .list(var list):
        for index in list.items.indices { list.items[index].blocks = list.items[index].blocks.filled(value) }
        block.content = .list(list)
      case .table(var table):
        table.header = table.header.map { $0.filled(value) }
        table.rows = table.rows.map { $0.map { $0.filled(value) } }
        block.content = .table(table)
      case .code, .math, .thematicBreak, .html: break
      }
      return block
    }
  }
}

extension Document {
  /// The document with the values of a run in its formulas.
  package func filled(_ value: (InlineExpression) -> String?) -> Document {
    guard expressions.count > 0 else { return self }
    var result = self
    result.blocks = blocks.filled(value)
    result.footnotes = footnotes.map { $0.filled(value) }
    return result
  }
}
