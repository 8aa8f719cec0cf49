import Plot
import Report

/// A rectangle in logical units (1/96 inch).
struct Area: Hashable {
  var x: Double
  var y: Double
  var width: Double
  var height: Double

  init(x: Double, y: Double, width: Double, height: Double) {
    (self.x, self.y, self.width, self.height) = (x, y, width, height)
  }

  init(x: Double, y: Double, size: Double) {
    self.init(x: x, y: y, width: size, height: size)
  }

  var right: Double { x + width }
  var bottom: Double { y + height }

  func moved(x: Double = 0, y: Double = 0) -> Area {
    Area(x: self.x + x, y: self.y + y, width: width, height: height)
  }
}

/// Something drawn on a page.
struct PageMark {
  enum Content {
    /// A line of a text, whose area tells where it begins and how high it is.
    case text(SetText, line: Int)
    case formula(MathBox, Ink)
    case chart(Chart)
    case picture(Picture)
    case box(fill: Ink?, stroke: Ink?, radius: Double)
    /// Straight strokes from point to point of the area, from 0 to 1 in both directions.
    case stroke([(x: Double, y: Double)], Ink, width: Double)
    case link(LinkTarget)
    /// A place that links lead to.
    case place(String)
    /// A heading's entry in the reader's outline.
    case outline(String, level: Int, place: String)
  }

  var content: Content
  var area: Area

  init(_ content: Content, _ area: Area) {
    self.content = content
    self.area = area
  }

  func moved(x: Double = 0, y: Double = 0) -> PageMark {
    PageMark(content, area.moved(x: x, y: y))
  }
}

/// A slice of a report, as wide as its column, that no page break goes through.
struct Strip {
  var height: Double
  /// The room wanted above and below; between two strips the greater counts, at a page's edge none does.
  var above = 0.0
  var below = 0.0
  /// Whether a page may not end here.
  var keepsWithNext = false
  /// What stands in it, from its upper left corner.
  var marks: [PageMark] = []
  /// Footnotes that it refers to.
  var notes: [Int] = []
  /// What is painted behind it and its neighbours of the same kind, the outermost first.
  var backdrops: [Backdrop] = []
  /// The height to which a chart in it may be squeezed to fit on a page.
  var leastHeight: Double?
  /// The header that is repeated when a page begins with this row of a table; an index into `Flow.headers`.
  var header: Int?
  /// Whether it needs a sheet that is turned on its side.
  var isTurned = false

  init(height: Double, marks: [PageMark] = []) {
    self.height = height
    self.marks = marks
  }

  /// The strip with its chart drawn lower.
  func squeezed(to height: Double) -> Strip {
    var strip = self
    strip.height = height
    for index in strip.marks.indices where strip.marks[index].area.height == self.height {
      strip.marks[index].area.height = height
      if case .chart(var chart) = strip.marks[index].content {
        chart.size.height = height
        strip.marks[index].content = .chart(chart)
      }
    }
    return strip
  }
}

/// What is painted behind neighbouring strips as one: a quote's bar, a notice's box.
struct Backdrop: Hashable {
  /// Neighbours with the same number are one.
  var number: Int
  var x: Double
  var width: Double
  var fill: Ink?
  var bar: Ink?
}

/// All strips of a report from top to bottom, and what stands beside them.
struct Flow {
  var strips: [Strip] = []
  /// The strips of each table's header, to be repeated.
  var headers: [[Strip]] = []
  /// The strips of each footnote, by its number; empty where they stand at the report's end.
  var notes: [Int: [Strip]] = [:]
}

extension [Strip] {
  /// The room between two strips of these.
  static func gap(_ upper: Strip?, _ lower: Strip) -> Double {
    guard let upper else { return 0 }
    return Swift.max(upper.below, lower.above)
  }

  /// The height of all, one below the other.
  var height: Double {
    indices.reduce(0) { $0 + self[$1].height + ($1 > startIndex ? Self.gap(self[$1 - 1], self[$1]) : 0) }
  }
}
