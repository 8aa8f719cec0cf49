internal import Basics

extension Table {
  /// The table as plain text for a terminal: columns are padded to equal width, wide characters count twice, and the
  /// best values are marked by an asterisk.
  public func plainText() -> String {
    let best = columns.indices.map { Set(bestRows(column: $0)) }
    let marked = texts.enumerated().map { row, texts in
      texts.enumerated().map { column, text in
        guard columns[column].better != nil else { return text }
        return text + (best[column].contains(row) ? "*" : " ")
      }
    }
    let lines = [headings.enumerated().map { columns[$0].better == nil ? $1 : $1 + " " }] + marked
    let widths = columns.indices.map { column in lines.map { $0[column].displayColumns }.max() ?? 0 }
    func line(_ texts: [String]) -> String {
      let padded = texts.enumerated().map { column, text in
        let padding = String(repeating: " ", count: widths[column] - text.displayColumns)
        return alignment(column: column) == .right ? padding + text : text + padding
      }
      return String(padded.joined(separator: "  ").trimmingSuffix { $0 == " " })
    }
    let rule = widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ")
    let body = [line(lines[0]), rule] + lines.dropFirst().map(line)
    return (((caption.map { [$0, ""] } ?? []) + body).joined(separator: "\n") + "\n").visibleLines
  }

  /// The table in GitHub-flavoured Markdown, with the best values in bold. The caller writes the caption.
  public func markdown() -> String {
    func escaped(_ text: String) -> String {
      var result = ""
      for character in text {
        switch character {
        case "\n", "\r\n", "\r": result += "<br>"
        case "\t": result += " "
        case _ where character.unicodeScalars.contains { $0.visibleForm != nil }: result += String(character).visible
        case "|", "\\", "`", "*", "_", "<", "[", "]", "~", "&": result += "\\\(character)"
        default: result.append(character)
        }
      }
      return result
    }
    func line(_ texts: [String]) -> String { "| " + texts.joined(separator: " | ") + " |" }
    let best = columns.indices.map { Set(bestRows(column: $0)) }
    let rules = columns.indices.map { alignment(column: $0) == .right ? "---:" : "---" }
    let body = texts.enumerated().map { row, texts in
      line(texts.enumerated().map { best[$0].contains(row) ? "**\(escaped($1))**" : escaped($1) })
    }
    return ([line(headings.map(escaped)), line(rules)] + body).joined(separator: "\n") + "\n"
  }
}

extension String {
  func trimmingSuffix(while predicate: (Character) -> Bool) -> Substring {
    var text = self[...]
    while let last = text.last, predicate(last) { text.removeLast() }
    return text
  }
}
