import Basics
import Core

/// Finds Markdown that would take too long or nest too deeply, line by line before anything is parsed. In code and in
/// comments anything may stand; `LiteralBlocks` finds them. `MarkdownNode.isDeeper` looks at the tree again.
enum MarkdownBudget {
  /// A line, from 1, and its problem.
  struct Excess: Hashable, Sendable {
    var line: Int
    var cause: String
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
    private var isBegun = false

    /// - Returns: The limit that this line exceeds; nil for none.
    mutating func add(_ line: some BidirectionalCollection<UInt8>) -> String? {
      let isDefinition = zip(line, line.dropFirst()).contains { $0 == UInt8(ascii: "]") && $1 == UInt8(ascii: ":") }
      // The address can be on the next line.
      if isDefinition || isBegun { longest = max(longest, line.count) }
      isBegun = isDefinition
      uses += line.count(where: { $0 == UInt8(ascii: "[") })
      let (bytes, isTooMuch) = longest.multipliedReportingOverflow(by: uses)
      guard isTooMuch || bytes > Budgets.markdownLinkBytes else { return nil }
      return "links repeat their definitions to more than \(Budgets.markdownLinkBytes >> 20) MiB"
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
          if after == UInt8(ascii: "/") {
            tags = max(0, tags - 1)
          } else if (0x61...0x7A).contains(after | 0x20), !Self.isBreak(rest) {
            tags += 1
          }
        default: break
        }
        before = byte
        if max(brackets, emphasis, tags) > Budgets.markdownDepth {
          return "emphasis, links or tags are nested more than \(Budgets.markdownDepth) levels deep"
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
