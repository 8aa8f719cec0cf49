import SwiftIDEUtils
import SwiftParser
import SwiftSyntax

/// Colours Swift source by the classification of the Swift parser.
package enum SwiftColouring {
  /// The colour of a kind of token; nil for the colour of text.
  private static func ink(_ kind: SyntaxClassification) -> Ink? {
    switch kind {
    case .keyword, .ifConfigDirective: .codeKeyword
    case .stringLiteral, .regexLiteral: .codeString
    case .integerLiteral, .floatLiteral: .codeNumber
    case .type: .codeType
    case .attribute: .codeAttribute
    case .lineComment, .blockComment, .docLineComment, .docBlockComment: .codeComment
    default: nil
    }
  }

  /// The byte ranges of coloured tokens, in order, with their colours.
  package static func spans(_ source: String) -> [(range: Range<Int>, ink: Ink)] {
    Syntax(Parser.parse(source: source)).classifications.compactMap { part in
      ink(part.kind).map { (part.range.lowerBound.utf8Offset..<part.range.upperBound.utf8Offset, $0) }
    }
  }

  /// The CSS class of a colour.
  private static func styleClass(_ ink: Ink) -> String {
    switch ink {
    case .codeKeyword: "k"
    case .codeString: "s"
    case .codeNumber: "n"
    case .codeType: "t"
    case .codeAttribute: "a"
    default: "c"
    }
  }

  /// The source as HTML, line by line; the line `marked` (from 1) is highlighted.
  package static func html(_ source: String, marked: Int? = nil) -> HTML {
    let bytes = Array(source.utf8)
    var lines: [[HTML]] = [[]]
    var position = 0
    func add(upTo end: Int, _ style: String?) {
      guard end > position else { return }
      let text = String(decoding: bytes[position..<end], as: UTF8.self)
      for (index, part) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
        if index > 0 { lines.append([]) }
        guard !part.isEmpty else { continue }
        let html = HTML.text(String(part))
        lines[lines.count - 1].append(style.map { .element("span", ["class": $0], html) } ?? html)
      }
      position = end
    }
    for (range, ink) in spans(source) {
      add(upTo: range.lowerBound, nil)
      add(upTo: range.upperBound, styleClass(ink))
    }
    add(upTo: bytes.count, nil)
    if lines.last?.isEmpty == true { lines.removeLast() }
    let marks = lines.enumerated().map { index, parts in
      index + 1 == marked ? HTML.element("mark", [:], .joined(parts)) : .joined(parts)
    }
    return .joined(marks.map { $0 + .text("\n") })
  }
}
