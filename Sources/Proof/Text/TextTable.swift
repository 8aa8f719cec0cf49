import Basics

/// A table of texts in aligned columns, for terminals and for Markdown. Wide characters count as two columns.
package struct TextTable {
  private var header: [String]?
  private let isRight: [Bool]
  private var rows: [[String]] = []

  /// A table without a header whose columns are left-aligned.
  package init(columns: Int) {
    isRight = Array(repeating: false, count: columns)
  }

  /// - Parameter right: The numbers of right-aligned columns.
  package init(header: [String], right: Set<Int> = []) {
    isRight = header.indices.map(right.contains)
    self.header = header.map(\.visible)
  }

  package var isEmpty: Bool { rows.isEmpty }

  package mutating func add(_ row: [String]) {
    rows.append(row.map(\.visible))
  }

  /// One line for each row, the header first.
  package var lines: [String] {
    let all = (header.map { [$0] } ?? []) + rows
    let widths = isRight.indices.map { column in all.map { $0[column].displayColumns }.max() ?? 0 }
    return all.map { row in
      var line = ""
      for (column, text) in row.enumerated() {
        let padding = String(repeating: " ", count: widths[column] - text.displayColumns)
        line += (column == 0 ? "" : "  ") + (isRight[column] ? padding + text : text + padding)
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  /// The table in GitHub's Markdown.
  package var markdown: String {
    func escaped(_ text: String) -> String {
      text.replacing(#/[|\\`*_<\[\]~&]/#) { "\\\($0.0)" }
    }
    func line(_ texts: [String]) -> String { "| " + texts.map(escaped).joined(separator: " | ") + " |" }
    let rules = isRight.map { $0 ? "---:" : "---" }
    return ([line(header ?? isRight.map { _ in "" }), line(rules)] + rows.map(line)).joined(separator: "\n") + "\n"
  }
}
