/// A picture as simple forms in logical units, with colour roles. The layout makes it, and the writers for PNG, PDF
/// and SVG write it.
struct Scene {
  var size: Size
  var items: [Item] = []

  indirect enum Item {
    case shape(Shape)
    case text(PlacedText)
    case clip(Rectangle, [Item])
  }
}

struct Point: Hashable, Sendable {
  var x: Double
  var y: Double
}

struct Rectangle: Hashable, Sendable {
  var left: Double
  var top: Double
  var right: Double
  var bottom: Double

  var width: Double { right - left }
  var height: Double { bottom - top }
  var center: Point { Point(x: (left + right) / 2, y: (top + bottom) / 2) }

  func expanded(by margin: Double) -> Rectangle {
    Rectangle(left: left - margin, top: top - margin, right: right + margin, bottom: bottom + margin)
  }

  func contains(_ point: Point) -> Bool {
    point.x >= left && point.x <= right && point.y >= top && point.y <= bottom
  }

  /// Whether a straight line crosses the rectangle, by Liang-Barsky clipping.
  func isCrossed(from start: Point, to end: Point) -> Bool {
    var (entry, exit) = (0.0, 1.0)
    let sides = [
      (start.x - end.x, start.x - left), (end.x - start.x, right - start.x),
      (start.y - end.y, start.y - top), (end.y - start.y, bottom - start.y),
    ]
    for (direction, distance) in sides {
      if direction == 0 {
        if distance < 0 { return false }
      } else if direction < 0 {
        entry = max(entry, distance / direction)
      } else {
        exit = min(exit, distance / direction)
      }
    }
    return entry < exit
  }

  var area: Double { max(0, width) * max(0, height) }

  func sharedArea(with other: Rectangle) -> Double {
    max(0, min(right, other.right) - max(left, other.left)) * max(0, min(bottom, other.bottom) - max(top, other.top))
  }

  func overlaps(_ other: Rectangle) -> Bool {
    left < other.right && other.left < right && top < other.bottom && other.top < bottom
  }
}

/// A form in one colour.
struct Shape {
  enum Geometry {
    /// Open lines.
    case lines([[Point]])
    /// Closed forms.
    case polygons([[Point]])
    case rectangles([Rectangle], cornerRadius: Double)
    case circles([Point], radius: Double)
  }

  var geometry: Geometry
  var fill: ColorRole?
  var stroke: ColorRole?
  var strokeWidth = 0.0
  var dash = Style.Dash.solid
  var opacity = 1.0
  /// Whether edges are drawn without antialiasing, so that neighbours leave no seam.
  var isCrisp = false

  /// The lengths of dashes and gaps. Lines have round ends, which lengthen dashes and shorten gaps.
  var dashLengths: [Double] {
    switch dash {
    case .solid: []
    case .dashed: [3 * strokeWidth, 2.4 * strokeWidth]
    case .dotted: [0, 2.5 * strokeWidth]
    }
  }
}
