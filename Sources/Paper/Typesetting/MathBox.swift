/// A set formula, or a part of one: pieces placed around its baseline.
struct MathBox {
  /// A piece of a drawing. Coordinates start at the left end of the baseline, with y downwards.
  enum Piece {
    /// A line of text whose glyphs are stretched vertically around the baseline.
    case text(SetText, x: Double, y: Double, stretch: Double)
    case rule(Area)
    /// A polyline.
    case stroke([(x: Double, y: Double)], width: Double)
  }

  var width = 0.0
  var ascent = 0.0
  var descent = 0.0
  var pieces: [Piece] = []

  var height: Double { ascent + descent }

  /// Places another box into this one, with the left end of its baseline at a point. It takes no additional room.
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
