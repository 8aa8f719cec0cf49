import Core
import Markup
import Yams

/// A fenced Swift cell of a notebook.
package struct NotebookCell: Sendable {
  package var name: String
  package var options: CellOptions
  /// Whether the option `pinned` is written, as true or as false.
  package var saysPinned = false
  /// The Swift source after the option lines.
  package var source: String
  /// The block in the Markdown file, and the number of option lines that `source` leaves out.
  package var block: CodeBlock
  package var optionLineCount = 0
  package var analysis: CellAnalysis

  /// The Markdown line of the opening fence. `sourceLine` is the line on which `source` begins.
  package var line: Int { block.position.line }
  package var sourceLine: Int { block.contentLine + optionLineCount }
  /// The Markdown lines of `source`.
  package var sourceLines: Range<Int> {
    sourceLine..<(sourceLine + source.split(separator: "\n", omittingEmptySubsequences: false).count)
  }

  /// Whether the cell calls Labbook's own measuring functions. Declarations of the notebook may hide them.
  package func measures(besides declarations: Set<String>) -> Bool {
    ["measure", "profile", "DirectMeasurement"].contains { name in
      analysis.references[name] != nil && !declarations.contains(name)
    }
  }

  /// The place in the Markdown file for a place in the source.
  package func place(_ position: CellAnalysis.Position, file: String) -> Place {
    let place = block.position(line: position.line + optionLineCount, column: position.column)
    return Place(file: file, line: place.line, column: place.column)
  }

  /// The place in the Markdown file of the opening fence.
  package func place(in file: String) -> Place {
    Place(file: file, line: block.position.line, column: block.position.column)
  }
}

extension NotebookCell {
  /// Whether a fence with this info string is a cell: `swift`, a space, and attributes in braces.
  package static func isCell(info: String) -> Bool {
    info.hasPrefix("swift") && info.dropFirst(5).drop { $0 == " " }.hasPrefix("{")
  }

  /// Reads a fence's attributes and leading option lines.
  /// - Parameters:
  ///   - block: A code block for which `isCell` is true.
  ///   - ordinal: The cell's number, counted from 1. An unnamed cell is named by it.
  package init(_ block: CodeBlock, ordinal: Int, file: String) throws {
    self.block = block
    options = CellOptions()
    name = "cell-\(ordinal)"
    source = ""
    analysis = CellAnalysis()
    let fence = place(in: file)
    var hasName = false
    for attribute in try Self.attributes(block.info, at: fence) {
      switch attribute {
      case .name(let text):
        if hasName {
          throw NotebookError(
            "the cell has two names, \"\(name)\" and \"\(text)\"", at: fence, remedy: "Write ```swift {#\(name)}.")
        }
        (name, hasName) = (text, true)
      case .option(let key, let value):
        try options.set(key, to: Yams.Node(value), at: fence)
        saysPinned = saysPinned || key == "pinned"
      }
    }
    var lines = block.literal.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last == "" { lines.removeLast() }
    let optionLines = lines.prefix { $0.hasPrefix("//|") }
    for (offset, text) in optionLines.enumerated() {
      let position = block.position(line: offset + 1, column: 1)
      let place = Place(file: file, line: position.line, column: position.column)
      let mapping: Yams.Node.Mapping?
      do {
        mapping = try Yams.compose(yaml: String(text.dropFirst(3)))?.mapping
      } catch {
        throw NotebookError("the option line is not `key: value`: \(error)", at: place)
      }
      guard let mapping else {
        throw NotebookError("the option line is not `key: value`", at: place, remedy: "Write `//| fig-cap: Loss`.")
      }
      for (key, value) in mapping {
        try options.set(key.string ?? "", to: value, at: place)
        saysPinned = saysPinned || key.string == "pinned"
      }
    }
    optionLineCount = optionLines.count
    source = lines.dropFirst(optionLines.count).joined(separator: "\n")
    analysis = SwiftCellAnalyser.analyse(source)
  }

  private enum Attribute {
    case name(String)
    case option(String, String)
  }

  private static func attributes(_ info: String, at place: Place) throws -> [Attribute] {
    let text = info.dropFirst(5).drop { $0 == " " }
    guard text.hasSuffix("}") else {
      throw NotebookError("the cell's attributes don't end with a brace", at: place, remedy: "Write ```swift {#name}.")
    }
    var rest = text.dropFirst().dropLast()[...]
    var result: [Attribute] = []
    while true {
      rest = rest.drop { $0.isWhitespace }
      guard let first = rest.first else { return result }
      let word = rest.prefix { !$0.isWhitespace && $0 != "=" }
      rest = rest.dropFirst(word.count)
      if first == "#" {
        let name = String(word.dropFirst())
        guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }) else {
          throw NotebookError(
            "\"\(name)\" can't name a cell", at: place, remedy: "Use letters, digits, hyphens and underscores.")
        }
        result.append(.name(name))
      } else if rest.first == "=" {
        rest = rest.dropFirst()
        let value: Substring
        if rest.first == "\"" {
          value = rest.dropFirst().prefix { $0 != "\"" }
          rest = rest.dropFirst(value.count + 2)
        } else {
          value = rest.prefix { !$0.isWhitespace }
          rest = rest.dropFirst(value.count)
        }
        result.append(.option(String(word), String(value)))
      } else {
        throw NotebookError(
          "\"\(word)\" is not an attribute of a cell", at: place, remedy: "Write `#name` or `option=value`.")
      }
    }
  }
}
