/// A formula, or a part of one, set in two dimensions around its base line.
struct MathBox {
  /// Something drawn, from the base line's left end; y goes down.
  enum Piece {
    /// A line of text whose glyphs are stretched in height around the base line.
    case text(SetText, x: Double, y: Double, stretch: Double)
    case rule(Area)
    /// Strokes from point to point.
    case stroke([(x: Double, y: Double)], width: Double)
  }

  var width = 0.0
  var ascent = 0.0
  var descent = 0.0
  var pieces: [Piece] = []

  var height: Double { ascent + descent }

  /// Puts another box into this one, with its base line's left end at a point, without room of its own.
  mutating func place(_ box: MathBox, x: Double, y: Double) {
    pieces += box.pieces.map { piece in
      switch piece {
      case .text(let text, let left, let top, let stretch): .text(text, x: left + x, y: top + y, stretch: stretch)
      case .rule(let area): .rule(area.moved(x: x, y: y))
      case .stroke(let points, let width): .stroke(points.map { ($0.x + x, $0.y + y) }, width: width)
      }
    }
    ascent = max(ascent, box.ascent - y)
    descent = max(descent, box.descent + y)
  }

  /// Adds a box to the right.
  mutating func append(_ box: MathBox) {
    place(box, x: width, y: 0)
    width += box.width
  }

  mutating func space(_ room: Double) {
    width += room
  }
}
