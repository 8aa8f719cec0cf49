import Plot
import Report

/// Sets MathML in two dimensions by the rules of The TeXbook, appendix G, with fixed proportions instead of a font's.
///
/// Not covered: elements beside a base on its left (`mmultiscripts`), boxes of other width than their content
/// (`mpadded`).
struct MathSetter {
  let setter: TextSetter
  let color: Ink

  /// The style of a part of a formula.
  struct Style {
    var size: Double
    /// Whether sums have their limits above and below, and fractions stay large.
    var display: Bool

    /// The style of superscripts and subscripts.
    var script: Style { Style(size: size * 0.72, display: false) }
    /// The height of the operators' middle above the baseline.
    var axis: Double { size * 0.265 }
    var rule: Double { size * 0.055 }
  }

  func box(_ element: MathElement, size: Double, display: Bool) -> MathBox {
    row(element.children, Style(size: size, display: display))
  }

  func set(_ element: MathElement, _ style: Style) -> MathBox {
    let children = element.children
    func child(_ position: Int) -> MathElement? { children.indices.contains(position) ? children[position] : nil }
    switch element.name {
    case "mi", "mn", "mtext": return token(element, style)
    case "mo": return operation(element, style)
    case "mspace":
      var box = MathBox()
      box.space(Self.length(element.attributes["width"], style) ?? 0)
      return box
    case "mstyle":
      var inner = style
      if let display = element.attributes["displaystyle"] { inner.display = display == "true" }
      return row(children, inner)
    case "mphantom":
      var box = row(children, style)
      box.pieces = []
      return box
    case "mfrac": return fraction(child(0), child(1), element, style)
    case "msqrt": return root(row(children, style), index: nil, style)
    case "mroot":
      return root(
        child(0).map { set($0, style) } ?? MathBox(), index: child(1).map { set($0, style.script.script) }, style)
    case "msub": return scripts(child(0), below: child(1), above: nil, style)
    case "msup": return scripts(child(0), below: nil, above: child(1), style)
    case "msubsup": return scripts(child(0), below: child(1), above: child(2), style)
    case "munder": return limits(child(0), below: child(1), above: nil, style)
    case "mover": return limits(child(0), below: nil, above: child(1), style)
    case "munderover": return limits(child(0), below: child(1), above: child(2), style)
    case "mtable": return table(element, style)
    default: return row(children, style)
    }
  }

  static func length(_ text: String?, _ style: Style) -> Double? {
    guard let match = text?.wholeMatch(of: /(-?[0-9.]+)(em|ex)?/), let value = Double(match.1) else { return nil }
    return value * style.size * (match.2 == "ex" ? 0.45 : match.2 == "em" ? 1 : 0)
  }

  // MARK: Rows

  /// Elements side by side. Fences grow with their content.
  func row(_ elements: [MathElement], _ style: Style) -> MathBox {
    boxes(elements, style).reduce(into: MathBox()) { $0.append($1) }
  }

  /// The boxes of a row's elements.
  func boxes(_ elements: [MathElement], _ style: Style) -> [MathBox] {
    var boxes = elements.map { $0.isFence ? MathBox() : set($0, style) }
    let content = boxes.enumerated().filter { !elements[$0.offset].isFence }.map(\.element)
    let reach = content.reduce(0.0) { max($0, $1.ascent - style.axis, $1.descent + style.axis) }
    for (position, element) in elements.enumerated() where element.isFence {
      boxes[position] = fence(element, reach: reach, style)
    }
    return boxes
  }

  // MARK: Tokens

  private func token(_ element: MathElement, _ style: Style) -> MathBox {
    let variant = element.attributes["mathvariant"]
    let isLetter = element.name == "mi" && element.text.count == 1
    var format = TextFormat(family: .mathematics, size: style.size, color: color)
    format.isItalic = variant.map { $0.contains("italic") } ?? isLetter
    format.isBold = variant?.contains("bold") ?? false
    let text = variant.map { MathAlphabet.text(element.text, variant: $0) } ?? element.text
    if variant != nil, text != element.text { (format.isItalic, format.isBold) = (false, false) }
    var box = glyphs(text, format)
    // The italic letters of Noto Serif lean over the next letter.
    if format.isItalic { box.space(0.04 * style.size) }
    // Names of functions keep a distance from their arguments.
    if element.name == "mi", element.text.count > 1, variant == nil { box.space(0.06 * style.size) }
    return box
  }

  func glyphs(_ text: String, _ format: TextFormat, stretch: Double = 1) -> MathBox {
    let set = setter.set(StyledText(text), format)
    let ink = set.inkExtents
    var box = MathBox(width: set.width, ascent: ink.ascent * stretch, descent: ink.descent * stretch)
    box.pieces = [.text(set, x: 0, y: 0, stretch: stretch)]
    return box
  }

  private static let largeOperators: Set<String> = ["∑", "∏", "∐", "⋃", "⋂", "⨁", "⨂", "⋁", "⋀"]
  private static let integrals: Set<String> = ["∫", "∬", "∭", "∮"]

  private func operation(_ element: MathElement, _ style: Style) -> MathBox {
    var format = TextFormat(family: .mathematics, size: style.size, color: color)
    let isLarge = Self.largeOperators.contains(element.text)
    let isIntegral = Self.integrals.contains(element.text)
    if isLarge { format.size *= style.display ? 1.45 : 1.1 }
    if isIntegral { format.size *= style.display ? 1.8 : 1.2 }
    var symbol = glyphs(element.text, format)
    if isLarge || isIntegral {
      let middle = (symbol.ascent - symbol.descent) / 2
      var centered = MathBox(width: symbol.width)
      centered.place(symbol, x: 0, y: middle - style.axis)
      symbol = centered
    }
    var box = MathBox()
    box.space(Self.length(element.attributes["lspace"], style) ?? 0)
    box.append(symbol)
    box.space(Self.length(element.attributes["rspace"], style) ?? 0)
    return box
  }

  /// A bracket or bar that extends as far above and below the axis as its neighbours.
  private func fence(_ element: MathElement, reach: Double, _ style: Style) -> MathBox {
    let format = TextFormat(family: .mathematics, size: style.size, color: color)
    var target = reach
    if let size = Self.length(element.attributes["minsize"], style) { target = size / 2 }
    var box = MathBox()
    box.space(Self.length(element.attributes["lspace"], style) ?? 0.04 * style.size)
    guard !element.text.isEmpty else { return box }
    let natural = glyphs(element.text, format)
    let half = natural.height / 2
    let stretch = max(1, target * 1.06 / max(half, 0.01))
    if element.text == "|" || element.text == "∥" || element.text == "‖" {
      let count = element.text == "|" ? 1 : 2
      let height = max(half, target) * 2
      for bar in 0..<count {
        let x = (0.1 + 0.17 * Double(bar)) * style.size
        box.pieces.append(
          .rule(Area(x: box.width + x, y: -style.axis - height / 2, width: style.rule, height: height)))
      }
      box.ascent = style.axis + height / 2
      box.descent = height / 2 - style.axis
      box.space((0.2 + 0.17 * Double(count - 1)) * style.size + style.rule)
    } else {
      let stretched = glyphs(element.text, format, stretch: stretch)
      let middle = (stretched.ascent - stretched.descent) / 2
      box.place(stretched, x: box.width, y: middle - style.axis)
      box.space(stretched.width)
    }
    box.space(Self.length(element.attributes["rspace"], style) ?? 0.04 * style.size)
    return box
  }
}

extension MathElement {
  /// Whether this is an operator that grows with its neighbours.
  var isFence: Bool { name == "mo" && attributes["stretchy"] == "true" }
}
