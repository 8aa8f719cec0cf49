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
      if let end = Self.endOfCarrier(rest) {
        rest = rest[end...]
        continue
      }
      if rest.hasPrefix("<svg"), let end = rest.range(of: "</svg>") {
        let drawing = String(rest[..<end.upperBound])
        rest = rest[end.upperBound...]
        guard drawing.contains("<defs><path id=\"g.") else {
          add(.drawing(drawing))
          continue
        }
        // The rest of the shared drawing must be exactly what Labbook writes around the outlines. Browsers draw the
        // first of several outlines with the same id.
        add(
          .tag(
            drawing.replacing(#/<path id="(g\.[0-9a-z]+)" d="([^"]*)"\/>/#) { match in
              guard outlines[String(match.1)] == nil else { return String(match.0) }
              outlines[String(match.1)] = String(match.2)
              return ""
            }))
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
      // Pictures in the text belong to the author, like the text. Their content isn't compared.
      let isPicture = text.hasPrefix("<img ")
      add(.tag(isPicture ? text.replacing(#/ src="data:[^"]*"/#, with: "", maxReplacements: 1) : text))
    }
  }

  /// The end of the element, if one begins here, that holds a file inside the page or the page's signature. Browsers
  /// don't show such an element, but they would with other attributes (`shadowrootmode`).
  private static func endOfCarrier(_ page: Substring) -> Substring.Index? {
    guard page.hasPrefix("<template ") else { return nil }
    let end = "</template>"
    let file =
      #/
      <template\ class="labbook-file"\ data-kind="[a-z]+"\ data-path="[^"]*"\ data-bytes="\d+"
      \ data-sha256="[0-9a-f]{64}">
      /#
    if let tag = page.prefixMatch(of: file) {
      let content = page[tag.range.upperBound...].utf8.prefix { UInt8(ascii: "<") != $0 }
      let isBase64 = content.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="),
          UInt8(ascii: "\n"):
          true
        default: false
        }
      }
      guard isBase64, page[content.endIndex...].hasPrefix(end) else { return nil }
      return page.index(content.endIndex, offsetBy: end.count)
    }
    let signature =
      #/
      <template\ class="labbook-signature"\ data-key="[0-9a-f]{64}"\ data-signature="[0-9a-f]{128}"><\/template>
      /#
    return page.prefixMatch(of: signature)?.range.upperBound
  }

  private static func unescaped(_ text: Substring) -> String {
    var text = String(text)
    for (name, character) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")] {
      text = text.replacing(name, with: character)
    }
    return text
  }
}
