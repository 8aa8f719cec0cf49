import Foundation

/// The parts of a chart's drawing: its texts, the letters of its labels, and its marks in coordinates relative to
/// their frames.
struct DrawnChart: Sendable {
  struct Mark: Sendable {
    /// The colour, width and dashes.
    var style: String
    /// Coordinates as fractions of the frame; for a mark outside all frames, coordinates of the drawing.
    var points: [(x: Double, y: Double)]
    var isFramed: Bool

    /// Whether the two marks coincide.
    func isAlike(_ other: Mark, exactly: Bool) -> Bool {
      guard style == other.style, isFramed == other.isFramed else { return false }
      if exactly { return points.count == other.points.count && zip(points, other.points).allSatisfy { $0 == $1 } }
      // Marks outside the frames move with the layout, which depends on fonts.
      guard isFramed else { return true }
      return points.isEmpty == other.points.isEmpty && isNear(other) && other.isNear(self)
    }

    /// Whether every point is on the other mark's outline, within the rounding of both drawings.
    private func isNear(_ other: Mark) -> Bool {
      points.allSatisfy { point in
        other.points.indices.contains { index in
          let (a, b) = (other.points[index], other.points[min(index + 1, other.points.count - 1)])
          let (dx, dy) = (b.x - a.x, b.y - a.y)
          let length = dx * dx + dy * dy
          let along = length > 0 ? min(1, max(0, ((point.x - a.x) * dx + (point.y - a.y) * dy) / length)) : 0
          return hypot(point.x - a.x - along * dx, point.y - a.y - along * dy) < 0.006
        }
      }
    }
  }

  /// The title and the description.
  private(set) var texts: [String] = []
  /// The references to letters' outlines, one list for each text.
  private(set) var labels: [[String]] = []
  private(set) var marks: [Mark] = []
  /// All other tags, in order.
  private(set) var rest: [String] = []
  /// The same without what depends on the layout, and so on fonts.
  var kinds: [String] {
    rest.map { piece in
      guard piece.hasPrefix("<") else { return "" }
      return piece.replacing(
        #/ (?:x|y|cx|cy|r|width|height|viewBox|transform|stroke-width|href)="[^"]*"/#, with: "")
    }
  }

  init(_ svg: String) {
    // For each clipping path, the frame of its panel: left, top, width, height.
    var frames: [String: [Double]] = [:]
    var frame: [Double]?
    var clip: String?
    var (depth, frameDepth) = (0, 0)
    for match in svg.matches(of: #/<[^>]*>|[^<]+/#) {
      let piece = String(match.0)
      guard piece.hasPrefix("<") else {
        texts.append(piece)
        continue
      }
      switch piece.dropFirst().prefix(while: { $0.isLetter || $0 == "/" }) {
      case "g":
        depth += 1
        if let name = Self.attribute("clip-path", piece)?.dropFirst(5).dropLast() {
          (frame, frameDepth) = (frames[String(name)], depth)
        }
        if Self.attribute("transform", piece)?.contains("scale") == true { labels.append([]) }
        rest.append(Self.plain(piece))
      case "/g":
        if depth == frameDepth { (frame, frameDepth) = (nil, 0) }
        depth -= 1
      case "clipPath": clip = Self.attribute("id", piece)
      case "/clipPath": clip = nil
      case "use":
        if labels.isEmpty { labels.append([]) }
        labels[labels.count - 1].append(String((Self.attribute("href", piece) ?? "").dropFirst()))
        rest.append("\(Self.attribute("x", piece) ?? "") \(Self.attribute("y", piece) ?? "")")
      case "path":
        let points = PathPoints(Self.attribute("d", piece) ?? "").points
        if let clip {
          let (xs, ys) = (points.map(\.x), points.map(\.y))
          let (left, top) = (xs.min() ?? 0, ys.min() ?? 0)
          frames[clip] = [left, top, (xs.max() ?? 0) - left, (ys.max() ?? 0) - top]
          rest.append("frame \(frames[clip] ?? [])")
          continue
        }
        let style = Self.plain(piece).replacing(#/ d="[^"]*"/#, with: "")
        guard let frame, frame[2] > 0, frame[3] > 0 else {
          marks.append(Mark(style: style, points: points, isFramed: false))
          continue
        }
        let scaled = points.map { (x: ($0.x - frame[0]) / frame[2], y: ($0.y - frame[1]) / frame[3]) }
        marks.append(Mark(style: style, points: scaled, isFramed: true))
      default: rest.append(Self.plain(piece))
      }
    }
  }

  /// A tag without ids, which contain a digest of the chart's texts.
  private static func plain(_ tag: String) -> String {
    tag.replacing(#/ (?:id|aria-labelledby|clip-path)="[^"]*"/#, with: "")
  }

  private static func attribute(_ name: String, _ tag: String) -> String? {
    guard let start = tag.range(of: " \(name)=\"") else { return nil }
    return String(tag[start.upperBound...].prefix { $0 != "\"" })
  }
}

/// The absolute points of SVG path data: for curves, their ends and control points.
private struct PathPoints {
  private(set) var points: [(x: Double, y: Double)] = []

  init(_ data: String) {
    var here = (x: 0.0, y: 0.0)
    var start = here
    for match in data.matches(of: #/([a-zA-Z])([^a-zA-Z]*)/#) {
      let numbers = match.2.matches(of: #/-?(?:\d+\.?\d*|\.\d+)/#).compactMap { Double($0.0) }
      let command = match.1
      let isRelative = command.first?.isLowercase == true
      switch command.lowercased() {
      case "h":
        for x in numbers {
          here = (isRelative ? here.x + x : x, here.y)
          points.append(here)
        }
      case "v":
        for y in numbers {
          here = (here.x, isRelative ? here.y + y : y)
          points.append(here)
        }
      case "z":
        points.append(start)
        here = start
      case let kind:
        // All points of a relative curve are relative to its start. Of an arc's numbers, only the last two are a
        // point.
        let step = kind == "c" ? 6 : kind == "a" ? 7 : 2
        for index in stride(from: 0, to: numbers.count - step + 1, by: step) {
          let origin = isRelative ? here : (x: 0, y: 0)
          let first = kind == "a" ? index + 5 : index
          for pair in stride(from: first, to: index + step, by: 2) {
            here = (origin.x + numbers[pair], origin.y + numbers[pair + 1])
            points.append(here)
          }
          if kind == "m", index == 0 { start = here }
        }
      }
    }
  }
}
