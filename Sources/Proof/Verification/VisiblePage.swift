import Basics
import Foundation

/// The visible pieces of a report's page: texts, tags and drawings, without the files inside it.
struct VisiblePage: Sendable {
  enum Piece: Hashable, Sendable {
    case text(String)
    case tag(String)
    /// A complete SVG element.
    case drawing(String)

    var text: String {
      switch self {
      case .text(let text): text
      case .tag(let tag): tag
      case .drawing: "a drawing"
      }
    }
  }

  private(set) var pieces: [Piece] = []
  /// The place of each piece: the last heading, figure or table before it.
  private(set) var places: [String] = []
  /// The outlines of letters that drawings share, by their ids.
  private(set) var outlines: [String: String] = [:]

  /// Reads a page. Two pages that look different have different pieces, whatever else they contain.
  init(_ page: String) {
    var place = "the head"
    var rest = page[...]
    var isHeading = false
    func add(_ piece: Piece) {
      pieces.append(piece)
      places.append(place)
    }
    while !rest.isEmpty {
      guard rest.first == "<" else {
        let text = rest.prefix { $0 != "<" }
        rest = rest[text.endIndex...]
        if isHeading { place = "“\(Self.unescaped(text).prefix(60).visible)”" }
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        if !trimmed.isEmpty { add(.text(Self.unescaped(trimmed[...]))) }
        continue
      }
      if rest.hasPrefix("<template class=\"labbook-"), let end = rest.range(of: "</template>") {
        rest = rest[end.upperBound...]
        continue
      }
      if rest.hasPrefix("<svg"), let end = rest.range(of: "</svg>") {
        let drawing = String(rest[..<end.upperBound])
        rest = rest[end.upperBound...]
        guard drawing.contains("<defs><path id=\"g.") else {
          add(.drawing(drawing))
          continue
        }
        for match in drawing.matches(of: #/<path id="(g\.[0-9a-z]+)" d="([^"]*)"\/>/#) {
          outlines[String(match.1)] = String(match.2)
        }
        // The rest of the shared drawing must be exactly what Labbook writes around the outlines.
        add(.tag(drawing.replacing(#/<path id="g\.[0-9a-z]+" d="[^"]*"\/>/#, with: "")))
        continue
      }
      let tag = rest.prefix { $0 != ">" }
      rest = rest[tag.endIndex...].dropFirst()
      let text = String(tag) + ">"
      if text.prefixMatch(of: #/<h[1-6]/#) != nil { isHeading = true }
      if text.hasPrefix("</h") { isHeading = false }
      if let match = text.prefixMatch(of: #/<(?:figure|table|section|div)[^>]* id="([^"]*)"/#) {
        place = "“\(String(match.1).visible)”"
      }
      // Pictures in the text belong to the author, like the text. Only their texts are compared.
      let isPicture = text.hasPrefix("<img ") && text.contains(" src=\"data:")
      let alternative = text.firstMatch(of: #/ alt="([^"]*)"/#).map { String($0.1) } ?? ""
      add(.tag(isPicture ? "<img alt=\"\(alternative)\">" : text))
    }
  }

  private static func unescaped(_ text: Substring) -> String {
    var text = String(text)
    for (name, character) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")] {
      text = text.replacing(name, with: character)
    }
    return text
  }
}
