import Report

/// Line breaks within a formula: before a relation or an operator, after a comma, as in The TeXbook, chapter 18.
extension MathSetter {
  private static let relations: Set<String> = [
    "=", "≈", "≠", "<", ">", "≤", "≥", "≡", "∼", "≃", "≅", "∝", "→", "⇒", "⟶", "⟹", "↦", "∈", "⊂", "⊆", "≪", "≫", ":",
  ]
  private static let operators: Set<String> = [
    "+", "\u{2212}", "±", "∓", "⋅", "·", "×", "∘", "⊕", "⊗", "∪", "∩", "∧", "∨",
  ]
  private static let opening: Set<String> = ["(", "[", "{", "⟨", "⌊", "⌈"]
  private static let closing: Set<String> = [")", "]", "}", "⟩", "⌋", "⌉"]

  /// The lines of a displayed formula: one if it is at most a third too wide, or otherwise as many as `width`
  /// requires, all but the first indented.
  func lines(_ element: MathElement, size: Double, width: Double) -> [MathBox] {
    let whole = box(element, size: size, display: true)
    guard whole.width * 0.75 > width else { return [whole] }
    var lines: [MathBox] = []
    for piece in pieces(element, size: size, display: true, width: width - 2 * size) {
      if let last = lines.last, last.width + piece.width <= width {
        lines[lines.count - 1].append(piece)
      } else {
        var line = MathBox()
        if !lines.isEmpty { line.space(2 * size) }
        line.append(piece)
        lines.append(line)
      }
    }
    return lines
  }

  /// A formula as pieces side by side, between which a line may end. A line ends between brackets only if a piece
  /// would otherwise be wider than `width`.
  func pieces(_ element: MathElement, size: Double, display: Bool, width: Double) -> [MathBox] {
    var style = Style(size: size, display: display)
    var elements = element.children
    while elements.count == 1, let only = elements.first, ["mrow", "mstyle"].contains(only.name) {
      if let display = only.attributes["displaystyle"] { style.display = display == "true" }
      elements = only.children
    }
    let row = opened(elements, boxes(elements, style), style, width: width)
    elements = row.map(\.element)
    let boxes = row.map(\.box)
    var pieces: [MathBox] = []
    for depth in 0...3 {
      pieces = []
      for part in Self.parts(elements, depth: depth) {
        pieces.append(boxes[part].reduce(into: MathBox()) { $0.append($1) })
      }
      if pieces.allSatisfy({ $0.width <= width }) { break }
    }
    return pieces
  }

  /// A row in which groups that are wider than `width`, such as those of `\left(` and `\right)`, are replaced by their
  /// elements.
  private func opened(
    _ elements: [MathElement], _ boxes: [MathBox], _ style: Style, width: Double
  ) -> [(element: MathElement, box: MathBox)] {
    zip(elements, boxes).flatMap { element, box -> [(element: MathElement, box: MathBox)] in
      guard box.width > width, ["mrow", "mstyle"].contains(element.name), !element.children.isEmpty else {
        return [(element, box)]
      }
      var inner = style
      if let display = element.attributes["displaystyle"] { inner.display = display == "true" }
      return opened(element.children, self.boxes(element.children, inner), inner, width: width)
    }
  }

  /// The ranges of elements between which a line may end, within at most `depth` pairs of brackets.
  private static func parts(_ elements: [MathElement], depth: Int) -> [Range<Int>] {
    var starts = [0]
    var open = 0
    var isInBars = false
    for (position, element) in elements.enumerated() where element.name == "mo" {
      if opening.contains(element.text) { open += 1 }
      if closing.contains(element.text) { open -= 1 }
      if element.text == "|", element.isFence { isInBars.toggle() }
      guard open <= depth, !isInBars else { continue }
      if element.text == ",", position + 1 < elements.count {
        starts.append(position + 1)
      } else if position > 0, relations.contains(element.text) || isBinary(element, after: elements[position - 1]) {
        starts.append(position)
      }
    }
    let ends = starts.dropFirst() + [elements.count]
    return zip(starts, ends).compactMap { $0 < $1 ? $0..<$1 : nil }
  }

  /// Whether an element is a binary operator between two terms, and not a sign.
  private static func isBinary(_ element: MathElement, after before: MathElement) -> Bool {
    operators.contains(element.text) && (before.name != "mo" || closing.contains(before.text) || before.text == "!")
  }
}
