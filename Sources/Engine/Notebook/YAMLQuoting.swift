/// Finds YAML values that need quotes.
package enum YAMLQuoting {
  /// The remedy for a syntax error: the value that needs quotes.
  /// - Parameter near: The line, from 0, at which the parser stopped. The cause is in this line or above it.
  package static func remedy(lines: [String], near: Int) -> String? {
    for line in stride(from: min(near, lines.count - 1), through: max(0, near - 2), by: -1) where line >= 0 {
      if lines[line].prefix(while: \.isWhitespace).contains("\t") { return "Indent with spaces: YAML allows no tabs." }
      guard let (key, value) = keyAndValue(lines[line]) else { continue }
      let isSpecial = value.first.map { "@`%*&!|>[]{},?-\"'".contains($0) } ?? false
      guard isSpecial || value.contains(": ") || value.hasSuffix(":") else { continue }
      let quoted = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      let text = value.hasPrefix("\"") || value.hasPrefix("'") ? nil : "\(key): \"\(quoted)\""
      return text.map { "Put the value in quotes: \($0)" }
        ?? "Check the quotes of `\(key)`: an opening quote needs a closing one."
    }
    return nil
  }

  /// Text that YAML reads as a comment, probably against the writer's intention: `#12` in `title: Issue #12`.
  /// - Returns: The line and the column, from 0, and the lost text.
  package static func lostText(lines: [String]) -> [(line: Int, column: Int, lost: String)] {
    lines.enumerated().compactMap { line, text in
      guard let (_, value) = keyAndValue(text), let first = value.first, !"\"'#|>".contains(first),
        let mark = value.firstMatch(of: /\s#[^\s#]/)
      else { return nil }
      let lost = String(value[mark.range.lowerBound...].dropFirst())
      return (line, text.count - lost.count, lost)
    }
  }

  private static func keyAndValue(_ line: String) -> (key: String, value: String)? {
    guard let match = line.wholeMatch(of: /\s*(?:-\s+)?([\p{L}_][\p{L}\p{N}_\-]*):\s+(.*\S)\s*/) else { return nil }
    return (String(match.1), String(match.2))
  }
}
