import Foundation

@testable import Paper

/// Pages as text for comparison: each strip's height, edge and content, rounded to whole units.
enum PageText {
  static func text(_ pages: [Page]) -> String {
    pages.enumerated().map { number, page in
      let head = "page \(number + 1), height \(round(page.height))"
      return ([head] + page.strips.map { line($0.strip, y: $0.y) }).joined(separator: "\n")
    }.joined(separator: "\n\n") + "\n"
  }

  /// A strip without its position and height.
  static func line(_ strip: Strip) -> String {
    strip.leastHeight == nil ? line(strip, y: 0) : "a chart"
  }

  private static func line(_ strip: Strip, y: Double) -> String {
    var parts = ["\(round(y)) +\(round(strip.height))"]
    if strip.keepsWithNext { parts.append("keep") }
    parts += strip.backdrops.map { "on:\($0.fill?.rawValue ?? "")|\($0.bar?.rawValue ?? "")" }
    parts += strip.marks.map(text)
    return "  " + parts.joined(separator: " ")
  }

  private static func text(_ mark: PageMark) -> String {
    let place = "@\(round(mark.area.x)),\(round(mark.area.y))"
    let size = "\(round(mark.area.width))×\(round(mark.area.height))"
    switch mark.content {
    case .text(let text, let line):
      let bytes = Array(text.text.text.utf8)[text.lines[line].range]
      return "\"\(String(decoding: bytes, as: UTF8.self))\"\(place)"
    case .formula: return "formula \(size)\(place)"
    case .chart: return "chart \(size)\(place)"
    case .picture: return "picture \(size)\(place)"
    case .box(let fill, let stroke, _): return "box(\(fill?.rawValue ?? "")|\(stroke?.rawValue ?? "")) \(size)\(place)"
    case .stroke: return "stroke\(place)"
    case .link(.address(let address)): return "link(\(address))"
    case .link(.place(let name)): return "link(#\(name))"
    case .place(let name): return "place(\(name))"
    case .outline(let title, let level, _): return "outline(\(level) \(title))"
    }
  }

  private static func round(_ value: Double) -> Int { Int(value.rounded()) }

  /// All words on a page, line by line.
  static func words(_ page: Page) -> [String] {
    page.strips.flatMap(\.strip.marks).compactMap { mark in
      guard case .text(let text, let line) = mark.content else { return nil }
      return String(decoding: Array(text.text.text.utf8)[text.lines[line].range], as: UTF8.self)
    }
  }
}
