import Basics

/// Escapes text for Markdown, so that it is not read as markup.
package enum MarkdownText {
  private static let special: Set<Character> = ["\\", "`", "*", "_", "[", "]", "<", ">", "~", "$", "&", "|"]

  /// A formula in TeX without angle brackets, which a reader without formulas could take for HTML.
  package static func formula(_ tex: String) -> String {
    tex.replacing("<", with: "\\lt ").replacing(">", with: "\\gt ")
  }

  /// - Parameter startsLine: Whether the text begins a line, where more characters must be escaped.
  package static func escaped(_ text: String, startsLine: Bool = false) -> String {
    var result = ""
    for character in text {
      if special.contains(character) {
        result += "\\"
      } else if let scalar = character.unicodeScalars.first, scalar.value < 0x20, scalar != "\t" {
        // Line ends and control characters would end the paragraph or be lost.
        result += character.isNewline ? " " : "\\" + String(character).visible
        continue
      }
      result.append(character)
    }
    return startsLine ? withoutLineMarks(result) : result
  }

  /// Markdown for a cell of a table, with each bar escaped that isn't yet. A bar in code or in a formula would end the
  /// cell, too.
  package static func cell(_ markdown: String) -> String {
    var result = String.UnicodeScalarView()
    var isEscaped = false
    for scalar in markdown.unicodeScalars {
      if scalar == "|", !isEscaped { result.append("\\") }
      result.append(scalar)
      isEscaped = scalar == "\\" && !isEscaped
    }
    return String(result)
  }

  /// The text with characters escaped that would turn its line into a heading, list or rule.
  package static func withoutLineMarks(_ text: String) -> String {
    if let first = text.first, "#+-=:".contains(first) { return "\\" + text }
    if let match = text.prefixMatch(of: /\d{1,9}([.)])/) {
      let mark = match.output.1.startIndex
      return text[..<mark] + "\\" + text[mark...]
    }
    return String(text.drop { $0 == " " || $0 == "\t" })
  }

  /// Inline code between as many backticks as it needs.
  package static func code(_ code: String) -> String {
    let fence = String(repeating: "`", count: longestRun(in: code) + 1)
    let text = code.replacing("\n", with: " ")
    let needsSpace = text.first == "`" || text.last == "`" || (text.first == " " && text.last == " ")
    return text.isEmpty ? "" : needsSpace ? "\(fence) \(text) \(fence)" : fence + text + fence
  }

  /// Lines between fences that are longer than any fence in them.
  package static func fenced(_ lines: [String], language: String = "") -> [String] {
    let fence = String(repeating: "`", count: max(3, longestRun(in: lines.joined(separator: "\n")) + 1))
    return [fence + language] + lines + [fence]
  }

  private static func longestRun(in text: String) -> Int {
    var (longest, current) = (0, 0)
    for character in text {
      current = character == "`" ? current + 1 : 0
      longest = max(longest, current)
    }
    return longest
  }

  /// An address that is safe between parentheses.
  package static func address(_ address: String) -> String {
    var result = ""
    for character in address {
      switch character {
      case "(", ")", "<", ">", "\\", " ":
        result += character.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
      case _ where character.isNewline: continue
      default: result.append(character)
      }
    }
    return result
  }
}
