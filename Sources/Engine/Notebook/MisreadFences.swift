import Core
import Markup

/// Finds text that looks like a cell or an option of one but isn't. Such text often comes from Quarto, Pandoc and
/// knitr.
package enum MisreadFences {
  package static func warnings(_ notebook: Notebook) -> [Diagnostic] {
    notebook.document.codeBlocks.filter(\.isFenced).flatMap { block in
      NotebookCell.isCell(info: block.info)
        ? options(block, file: notebook.file) : listing(block, file: notebook.file).map { [$0] } ?? []
    }
  }

  private static func listing(_ block: CodeBlock, file: String) -> Diagnostic? {
    let place = Place(file: file, line: block.position.line, column: block.position.column)
    if let match = block.info.wholeMatch(of: /\{+\s*\.?([A-Za-z]+)\b.*/) {
      if match.1.lowercased() == "swift" { return looksLikeACell(block, at: place) }
      let languages = ["python", "r", "julia", "bash", "sh", "sql", "ojs"]
      guard block.info.hasPrefix("{\(match.1)"), languages.contains(match.1.lowercased()) else { return nil }
      return .warning(
        "this block is shown and not run: Labbook runs Swift "
          + "only", at: place, remedy: "Write ```\(match.1) for a listing.")
    }
    guard let match = block.info.wholeMatch(of: /([Ss][Ww][Ii][Ff][Tt])\s*(.*)/) else { return nil }
    if !match.2.isEmpty, match.2.prefixMatch(of: /[A-Za-z0-9]+\b.*/) == nil || match.1 == "swift" {
      return looksLikeACell(block, at: place)
    }
    let hasOptions = block.literal.split(separator: "\n").first.map { isOption($0) } ?? false
    return hasOptions ? looksLikeACell(block, at: place) : nil
  }

  private static func looksLikeACell(_ block: CodeBlock, at place: Place) -> Diagnostic {
    .warning(
      "this block looks like a cell, but is shown and not run", at: place,
      remedy: "Write ```swift {#name} for a cell, ```swift alone for a listing.")
  }

  /// Warnings about option lines at a place where they have no effect.
  private static func options(_ block: CodeBlock, file: String) -> [Diagnostic] {
    let lines = block.literal.split(separator: "\n", omittingEmptySubsequences: false)
    let count = lines.prefix { $0.hasPrefix("//|") }.count
    var isTop = true
    return lines.enumerated().dropFirst(count).compactMap { index, line in
      let isOption = isOption(line)
      defer { isTop = isTop && (isOption || line.allSatisfy(\.isWhitespace)) }
      guard isOption, isTop || line.hasPrefix("//|") else { return nil }
      let position = block.position(line: index + 1, column: 1)
      return .warning(
        "this option has no effect here", at: Place(file: file, line: position.line, column: position.column),
        remedy: "Option lines begin with //| and are the first lines of a cell.")
    }
  }

  /// Whether a line is an option, possibly misspelled: `// | echo: false`, `#| echo: false`.
  private static func isOption(_ line: Substring) -> Bool {
    // Few lines are comments with a bar, so that few are searched for more.
    guard line.utf8.contains(UInt8(ascii: "|")), let first = line.first(where: { !$0.isWhitespace }),
      "/#".contains(first)
    else { return false }
    guard let match = line.wholeMatch(of: /\s*(?:\/\/\s*|#)\|\s*([A-Za-z\-]+)\s*:.*/) else { return false }
    return CellOptions.names.contains(String(match.1)) || line.drop(while: \.isWhitespace).hasPrefix("//|")
  }
}
