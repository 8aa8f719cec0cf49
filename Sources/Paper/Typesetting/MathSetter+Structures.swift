import Plot
import Report

/// Fractions, roots, scripts, limits and tables.
extension MathSetter {
  func fraction(_ upper: MathElement?, _ lower: MathElement?, _ element: MathElement, _ style: Style) -> MathBox {
    let inner = style.display ? Style(size: style.size, display: false) : Style(size: style.size * 0.76, display: false)
    let numerator = upper.map { set($0, inner) } ?? MathBox()
    let denominator = lower.map { set($0, inner) } ?? MathBox()
    let hasRule = element.attributes["linethickness"] != "0"
    let gap = style.size * (style.display ? 0.16 : 0.11)
    let side = hasRule ? 0.08 * style.size : 0
    let content = max(numerator.width, denominator.width)
    var box = MathBox(width: content + 4 * side)
    box.place(
      numerator, x: 2 * side + (content - numerator.width) / 2,
      y: -style.axis - gap - style.rule / 2 - numerator.descent)
    box.place(
      denominator, x: 2 * side + (content - denominator.width) / 2,
      y: -style.axis + gap + style.rule / 2 + max(denominator.ascent, 0.62 * inner.size))
    if hasRule {
      box.pieces.append(
        .rule(Area(x: side, y: -style.axis - style.rule / 2, width: content + 2 * side, height: style.rule)))
    }
    return box
  }

  func root(_ content: MathBox, index: MathBox?, _ style: Style) -> MathBox {
    let gap = 0.12 * style.size
    let ascent = max(content.ascent, 0.6 * style.size) + gap + style.rule
    let descent = max(content.descent, 0.05 * style.size)
    let sign = 0.55 * style.size
    var box = MathBox(ascent: ascent, descent: descent)
    if let index {
      let overlap = 0.28 * style.size
      box.place(index, x: 0, y: -ascent * 0.55 - index.descent + 0.1 * style.size)
      box.space(max(0, index.width - overlap))
    }
    let left = box.width
    let top = -ascent + style.rule / 2
    box.pieces.append(
      .stroke(
        [
          (left + 0.04 * style.size, -0.22 * style.size), (left + 0.16 * style.size, -0.3 * style.size),
          (left + 0.32 * style.size, descent - style.rule), (left + sign - 0.02 * style.size, top),
          (left + sign + content.width + 0.06 * style.size, top),
        ], width: style.rule))
    box.space(sign)
    box.append(content)
    box.space(0.08 * style.size)
    return box
  }

  func scripts(_ base: MathElement?, below: MathElement?, above: MathElement?, _ style: Style) -> MathBox {
    let base = base.map { set($0, style) } ?? MathBox()
    let lower = below.map { set($0, style.script) }
    let upper = above.map { set($0, style.script) }
    var box = base
    var rise = max(0.4 * style.size, base.ascent - 0.36 * style.size)
    var fall = max(0.2 * style.size, base.descent + 0.02 * style.size)
    if let lower, let upper {
      // Both keep a distance between them.
      let between = (rise - upper.descent) - (lower.ascent - fall)
      let wanted = 0.14 * style.size
      if between < wanted {
        rise += (wanted - between) / 2
        fall += (wanted - between) / 2
      }
    } else if let lower {
      fall = max(fall, lower.ascent - 0.42 * style.size)
    } else if let upper {
      rise = max(rise, upper.descent + 0.16 * style.size)
    }
    if let upper { box.place(upper, x: base.width + 0.02 * style.size, y: -rise) }
    if let lower { box.place(lower, x: base.width, y: fall) }
    box.space(max(upper?.width ?? 0, lower?.width ?? 0) + 0.05 * style.size)
    return box
  }

  private static let accents: [String: String] = [
    "\u{302}": "ˆ", "\u{303}": "˜", "\u{304}": "¯", "\u{307}": "˙", "\u{308}": "¨", "·": "˙", "\u{20D7}": "→",
    "\u{301}": "´", "\u{300}": "`", "\u{306}": "˘", "\u{30C}": "ˇ",
  ]

  func limits(_ base: MathElement?, below: MathElement?, above: MathElement?, _ style: Style) -> MathBox {
    if let base, base.hasMovableLimits, !style.display { return scripts(base, below: below, above: above, style) }
    let center = base.map { set($0, style) } ?? MathBox()
    var box = center
    var left = 0.0
    if let above {
      if above.isAccent {
        box.place(accent(above, over: center, style), x: 0, y: 0)
      } else {
        let upper = set(above, style.script)
        left = min(left, (center.width - upper.width) / 2)
        box.place(
          upper, x: (center.width - upper.width) / 2, y: -center.ascent - 0.16 * style.size - upper.descent)
      }
    }
    if let below {
      if below.isFence {
        box.place(underline(below, below: center, style), x: 0, y: 0)
      } else {
        let lower = set(below, style.script)
        left = min(left, (center.width - lower.width) / 2)
        box.place(lower, x: (center.width - lower.width) / 2, y: center.descent + 0.14 * style.size + lower.ascent)
      }
    }
    // Limits wider than their operator move the neighbours away.
    var padded = MathBox(width: center.width - 2 * left)
    padded.place(box, x: -left, y: 0)
    return padded
  }

  /// A hat, bar or arrow over a box. It takes no room at the sides.
  private func accent(_ element: MathElement, over base: MathBox, _ style: Style) -> MathBox {
    let symbol = Self.accents[element.text] ?? element.text
    let top = -base.ascent - 0.1 * style.size
    if symbol == "¯" {
      var bar = MathBox(ascent: -top + style.rule)
      bar.pieces = [.rule(Area(x: 0, y: top - style.rule, width: base.width, height: style.rule))]
      return bar
    }
    if symbol == "→" {
      let (right, y, head) = (base.width, top - 0.08 * style.size, 0.1 * style.size)
      var arrow = MathBox(ascent: -y + head)
      arrow.pieces = [
        .stroke([(0, y), (right, y)], width: style.rule),
        .stroke([(right - head, y - head), (right, y), (right - head, y + head)], width: style.rule),
      ]
      return arrow
    }
    let glyph = glyphs(symbol, TextFormat(family: .mathematics, size: style.size, color: color))
    // In their glyphs, accents are already above a small letter.
    var box = MathBox()
    let lift = max(0, base.ascent - 0.48 * style.size)
    box.place(glyph, x: (base.width - glyph.width) / 2 + 0.03 * style.size, y: -lift)
    return box
  }

  /// A bar or brace under a box.
  private func underline(_ element: MathElement, below base: MathBox, _ style: Style) -> MathBox {
    let y = base.descent + 0.12 * style.size
    guard element.text == "︸" else {
      var bar = MathBox(descent: y + style.rule)
      bar.pieces = [.rule(Area(x: 0, y: y, width: base.width, height: style.rule))]
      return bar
    }
    let (depth, middle, corner) = (0.16 * style.size, base.width / 2, min(0.16 * style.size, base.width / 4))
    var brace = MathBox(descent: y + 2 * depth)
    brace.pieces = [
      .stroke(
        [
          (0, y), (corner / 2, y + depth * 0.8), (corner, y + depth), (middle - corner, y + depth),
          (middle, y + 2 * depth), (middle + corner, y + depth), (base.width - corner, y + depth),
          (base.width - corner / 2, y + depth * 0.8), (base.width, y),
        ], width: style.rule)
    ]
    return brace
  }

  func table(_ element: MathElement, _ style: Style) -> MathBox {
    let inner = Style(size: style.size, display: element.attributes["displaystyle"] == "true")
    let rows = element.children.map { row in row.children.map { self.row($0.children, inner) } }
    let count = rows.map(\.count).max() ?? 0
    let widths = (0..<count).map { column in rows.map { $0.indices.contains(column) ? $0[column].width : 0 }.max() ?? 0
    }
    let aligned = (element.attributes["columnalign"] ?? "center").split(separator: " ")
    let columnGap = Self.length(element.attributes["columnspacing"], style) ?? 0.9 * style.size
    let rowGap = 0.3 * style.size
    let heights = rows.map { row in
      (ascent: row.map(\.ascent).max() ?? 0, descent: row.map(\.descent).max() ?? 0)
    }.map { (ascent: max($0.ascent, 0.68 * style.size), descent: max($0.descent, 0.22 * style.size)) }
    let total = heights.reduce(0) { $0 + $1.ascent + $1.descent } + rowGap * Double(max(0, rows.count - 1))
    var box = MathBox(width: widths.reduce(0, +) + columnGap * Double(max(0, count - 1)))
    var y = -style.axis - total / 2
    for (row, height) in zip(rows, heights) {
      y += height.ascent
      var x = 0.0
      for (column, cell) in row.enumerated() {
        let alignment = aligned.indices.contains(column) ? aligned[column] : aligned.last ?? "center"
        let room = widths[column] - cell.width
        box.place(cell, x: x + (alignment == "left" ? 0 : alignment == "right" ? room : room / 2), y: y)
        x += widths[column] + columnGap
      }
      y += height.descent + rowGap
    }
    return box
  }
}

extension MathElement {
  /// Whether limits are beside this operator in inline formulas.
  fileprivate var hasMovableLimits: Bool {
    name == "mo" && attributes["movablelimits"] != "false"
      && (text.count > 1 || ["∑", "∏", "∐", "⋃", "⋂", "⨁", "⨂", "⋁", "⋀"].contains(text))
  }

  fileprivate var isAccent: Bool { name == "mo" && attributes["accent"] == "true" }
}
