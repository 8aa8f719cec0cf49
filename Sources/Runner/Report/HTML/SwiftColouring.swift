import SwiftIDEUtils
import SwiftParser
import SwiftSyntax

/// Swift source coloured by the Swift parser.
enum SwiftColouring {
  /// The class of each kind of token; what isn't here keeps the colour of text.
  private static func styleClass(_ kind: SyntaxClassification) -> String? {
    switch kind {
    case .keyword, .ifConfigDirective: "k"
    case .stringLiteral, .regexLiteral: "s"
    case .integerLiteral, .floatLiteral: "n"
    case .type: "t"
    case .attribute: "a"
    case .lineComment, .blockComment, .docLineComment, .docBlockComment: "c"
    case .argumentLabel, .dollarIdentifier, .editorPlaceholder, .identifier, .none, .operator: nil
    }
  }

  /// The source as HTML, one line of code a line, `marked` (from 1) made to stand out.
  static func html(_ source: String, marked: Int? = nil) -> HTML {
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
    for range in Syntax(Parser.parse(source: source)).classifications {
      guard let style = styleClass(range.kind) else { continue }
      add(upTo: range.range.lowerBound.utf8Offset, nil)
      add(upTo: range.range.upperBound.utf8Offset, style)
    }
    add(upTo: bytes.count, nil)
    if lines.last?.isEmpty == true { lines.removeLast() }
    let marks = lines.enumerated().map { index, parts in
      index + 1 == marked ? HTML.element("mark", [:], .joined(parts)) : .joined(parts)
    }
    return .joined(marks.map { $0 + .text("\n") })
  }
}
