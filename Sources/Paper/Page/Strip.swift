import Plot
import Report

/// A mark on a page.
struct PageMark {
  enum Content {
    /// A line of a text. The area gives its start and its height.
    case text(SetText, line: Int)
    case formula(MathBox, Ink)
    case chart(Chart)
    case picture(Picture)
    case box(fill: Ink?, stroke: Ink?, radius: Double)
    /// A polyline with coordinates from 0 to 1 in the area.
    case stroke([(x: Double, y: Double)], Ink, width: Double)
    case link(LinkTarget)
    /// A named place that links lead to.
    case place(String)
    /// A heading's entry in the PDF's outline.
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

/// A slice of a report, as wide as its column, which a page break never divides.
struct Strip {
  var height: Double
  /// The wanted gaps above and below. Between two strips the greater one counts, and at a page's edge none.
  var above = 0.0
  var below = 0.0
  /// Whether a page break after it is forbidden.
  var keepsWithNext = false
  /// The marks in it, relative to its upper left corner.
  var marks: [PageMark] = []
  /// Footnotes that it refers to.
  var notes: [Int] = []
  /// The backdrops that it shares with its neighbours, the outermost first.
  var backdrops: [Backdrop] = []
  /// The height to which a chart in it may be reduced to fit on a page.
  var leastHeight: Double?
  /// An index into `Flow.headers` of the header that is repeated when a page begins with this row of a table.
  var header: Int?
  /// Whether the strip needs a landscape sheet.
  var isTurned = false
  /// Whether it says that the strips after it are on the next landscape sheet.
  var announcesTurned = false

  init(height: Double, marks: [PageMark] = []) {
    self.height = height
    self.marks = marks
  }

  /// The strip for a landscape sheet. If it says that others are on such a sheet, only its named places are left.
  var turned: Strip {
    var strip = self
    strip.isTurned = true
    guard announcesTurned else { return strip }
    strip.marks = marks.filter { if case .place = $0.content { true } else { false } }
    (strip.height, strip.above, strip.below, strip.keepsWithNext) = (0, 0, 0, true)
    return strip
  }

  /// The strip with its chart drawn at a lower height.
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

/// A backdrop that neighbouring strips share: a quote's bar, or a notice's box.
struct Backdrop: Hashable {
  /// The number of the backdrop. Neighbours with the same number share one.
  var number: Int
  var x: Double
  var width: Double
  var fill: Ink?
  var bar: Ink?
}

/// All strips of a report from top to bottom, with headers and notes.
struct Flow {
  var strips: [Strip] = []
  /// The strips of each table's header, which is repeated on further pages.
  var headers: [[Strip]] = []
  /// The strips of each footnote, by its number; empty if they are at the report's end.
  var notes: [Int: [Strip]] = [:]
}

extension [Strip] {
  /// The gap between two of these strips.
  static func gap(_ upper: Strip?, _ lower: Strip) -> Double {
    guard let upper else { return 0 }
    return Swift.max(upper.below, lower.above)
  }

  /// The height of all strips, one below the other.
  var height: Double {
    indices.reduce(0) { $0 + self[$1].height + ($1 > startIndex ? Self.gap(self[$1 - 1], self[$1]) : 0) }
  }
}
