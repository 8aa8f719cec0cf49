import Basics
import Core

/// Finds Markdown that would take too long or nest too deeply, line by line before anything is parsed. In code and in
/// comments anything may stand; `LiteralBlocks` finds them. `MarkdownNode.line(in:deeperThan:)` looks
/// at the tree again.
package enum MarkdownBudget {
  /// A line, from 1, and its problem.
  package struct Excess: Error, Hashable {
    var line: Int
    var cause: String

    static func expressions(line: Int) -> Excess {
      Excess(line: line, cause: "the text has more than \(Budgets.markdownExpressions) inline expressions")
    }
  }

  /// The first excess of a text; nil without one.
  /// - Parameter text: Its lines end with line feeds.
  static func excess(in text: String) -> Excess? {
    var blocks = LiteralBlocks()
    var paragraph = Paragraph()
    var definitions = Definitions()
    for (index, line) in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
      let number = index + 1
      let lead = Lead(line)
      switch blocks.next(line) {
      case .literal: continue
      case .mark:
        paragraph = Paragraph()
        if lead.depth <= Budgets.markdownDepth { continue }
      case .text, .tags: break
      }
      if lead.depth > Budgets.markdownDepth {
        return Excess(line: number, cause: "quotes or lists are nested more than \(Budgets.markdownDepth) levels deep")
      }
      if lead.isBlank {
        paragraph = Paragraph()
        definitions.endParagraph()
        continue
      }
      if let cause = paragraph.add(line) ?? definitions.add(line) { return Excess(line: number, cause: cause) }
    }
    return nil
  }

  /// Definitions of links (`[a]: address`), which the parser copies to each of their uses.
  private struct Definitions {
    private var longest = 100
    private var uses = 0
    /// The bytes from the last definition of the paragraph on; 0 before the first one.
    private var current = 0
    /// The quotation marks and parentheses since then that are not closed. A title between them can have many lines.
    private var open = (single: false, double: false, parentheses: 0)

    mutating func endParagraph() { (current, open) = (0, (false, false, 0)) }

    /// - Returns: The limit that this line exceeds; nil for none.
    mutating func add(_ line: some BidirectionalCollection<UInt8>) -> String? {
      let isDefinition = zip(line, line.dropFirst()).contains { $0 == UInt8(ascii: "]") && $1 == UInt8(ascii: ":") }
      if isDefinition, !open.single, !open.double, open.parentheses <= 0 { endParagraph() }
      if isDefinition || current > 0 {
        current += line.count
        follow(line)
      }
      longest = max(longest, current)
      uses += line.count(where: { $0 == UInt8(ascii: "[") })
      let (bytes, isTooMuch) = longest.multipliedReportingOverflow(by: uses)
      guard isTooMuch || bytes > Budgets.markdownLinkBytes else { return nil }
      return "links repeat their definitions to more than \(Budgets.markdownLinkBytes >> 20) MiB"
    }

    private mutating func follow(_ line: some BidirectionalCollection<UInt8>) {
      var isEscaped = false
      for byte in line {
        defer { isEscaped = byte == UInt8(ascii: "\\") && !isEscaped }
        if isEscaped { continue }
        switch byte {
        case UInt8(ascii: "'"): open.single.toggle()
        case UInt8(ascii: "\""): open.double.toggle()
        case UInt8(ascii: "("): open.parentheses += 1
        case UInt8(ascii: ")"): open.parentheses -= 1
        default: break
        }
      }
    }
  }

  /// The marks and indentation before a line's own text.
  private struct Lead {
    /// The number of quote and list marks, and of levels that the indentation may mean.
    var depth = 0
    var isBlank = true

    init(_ line: some BidirectionalCollection<UInt8>) {
      var rest = line[...]
      var spaces = 0
      while let byte = rest.first {
        switch byte {
        case 0x20: spaces += 1
        case 0x09: spaces += 4
        case 0x0D: break
        case UInt8(ascii: ">"): depth += 1
        case UInt8(ascii: "[") where rest.dropFirst().first == UInt8(ascii: "^"):
          // A footnote, whose content can begin with another one.
          let label = rest.prefix(1_000, while: { $0 != UInt8(ascii: "]") && $0 != 0x20 })
          let after = rest.dropFirst(label.count)
          guard after.first == UInt8(ascii: "]"), after.dropFirst().first == UInt8(ascii: ":") else {
            isBlank = false
            return
          }
          depth += 1
          rest = after.dropFirst(2)
          continue
        default:
          let digits = rest.prefix(9, while: { (0x30...0x39).contains($0) })
          let mark = rest.dropFirst(digits.count)
          let isBullet = digits.isEmpty && [UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "*")].contains(byte)
          let isNumber =
            !digits.isEmpty && mark.first.map { [UInt8(ascii: "."), UInt8(ascii: ")")].contains($0) } == true
          let after = isBullet ? rest.dropFirst() : mark.dropFirst()
          guard isBullet || isNumber, after.first.map({ $0 == 0x20 || $0 == 0x09 }) ?? true else {
            isBlank = false
            // Text may be indented freely; indentation matters only in a list.
            return
          }
          // A level of a list takes at least two columns of indentation.
          depth = max(depth + 1, spaces / 2)
          rest = after
          continue
        }
        rest = rest.dropFirst()
      }
    }
  }

  /// Consecutive lines without a blank one. The parser searches for pairs in them.
  private struct Paragraph {
    var bytes = 0
    var brackets = 0
    var emphasis = 0
    var tags = 0
    var declarations = 0

    /// - Returns: The limit that this line exceeds; nil for none.
    mutating func add(_ line: some BidirectionalCollection<UInt8>) -> String? {
      bytes += line.count + 1
      if bytes > Budgets.markdownTextBytes { return "a paragraph has more than \(Budgets.markdownTextBytes >> 10) KiB" }
      // A heading may be inside a quote.
      let mark = line.first { $0 != 0x20 && $0 != UInt8(ascii: ">") }
      if mark == UInt8(ascii: "#"), line.count > 10_000 { return "a heading has more than 10000 bytes" }
      // The time for a table row grows with the square of the number of columns.
      if line.count > Budgets.markdownColumns, line.count(where: { $0 == UInt8(ascii: "|") }) > Budgets.markdownColumns
      {
        return "a table has more than \(Budgets.markdownColumns) columns"
      }
      var before: UInt8 = 0x20
      var rest = line[...]
      var isInCode = false
      while let byte = rest.first {
        rest = rest.dropFirst()
        let after = rest.first ?? 0x20
        switch byte {
        case UInt8(ascii: "`"): isInCode.toggle()
        case _ where isInCode: break
        case UInt8(ascii: "\\"): rest = rest.dropFirst()
        case UInt8(ascii: "["): brackets += 1
        case UInt8(ascii: "]"): brackets = max(0, brackets - 1)
        case UInt8(ascii: "*"), UInt8(ascii: "_"), UInt8(ascii: "~"):
          let (opens, closes) = (Self.isWord(after) && !Self.isWord(before), Self.isWord(before) && !Self.isWord(after))
          emphasis = max(0, emphasis + (opens ? 1 : closes ? -1 : 0))
        case UInt8(ascii: "<"):
          if after == UInt8(ascii: "?") || after == UInt8(ascii: "!") {
            // The parser looks for the end of each of them in the whole paragraph.
            declarations += 1
            if declarations > Budgets.markdownDeclarations {
              return "a paragraph has more than \(Budgets.markdownDeclarations) comments or declarations of HTML"
            }
          } else if after == UInt8(ascii: "/") {
            tags = max(0, tags - 1)
          } else if (0x61...0x7A).contains(after | 0x20), !Self.isBreak(rest) {
            tags += 1
          }
        default: break
        }
        before = byte
        if max(brackets, emphasis, tags) > Budgets.markdownOpenings {
          return "a paragraph has more than \(Budgets.markdownOpenings) open brackets, tags or marks of emphasis"
        }
      }
      return nil
    }

    private static func isWord(_ byte: UInt8) -> Bool {
      byte >= 0x80 || (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
    }

    /// Whether the tag has no closing tag.
    private static func isBreak(_ rest: some Collection<UInt8>) -> Bool {
      let name = String(decoding: rest.prefix(4), as: UTF8.self).lowercased()
      return ["br", "hr", "img", "http", "mail"].contains { name.hasPrefix($0) }
    }
  }
}

extension Collection<UInt8> {
  fileprivate func prefix(_ count: Int, while condition: (UInt8) -> Bool) -> SubSequence {
    let all = prefix(while: condition)
    return all.count <= count ? all : all.prefix(count)
  }
}
