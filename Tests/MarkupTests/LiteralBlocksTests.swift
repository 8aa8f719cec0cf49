import Numerics
import Testing

@testable import Markup

@Suite struct LiteralBlocksTests {
  private static func lines(_ text: String) -> [LiteralBlocks.Line] {
    var blocks = LiteralBlocks()
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { blocks.next($0.utf8) }
  }

  static let texts: [(text: String, lines: [LiteralBlocks.Line])] = [
    ("a\n```\nb\n```\nc", [.text, .mark, .literal, .mark, .text]),
    ("```\n~~~\n```\nc", [.mark, .literal, .mark, .text]),
    ("``` a`b\nc", [.text, .text]),
    // Marks in a comment begin no code.
    ("<!--\n```\n-->\nc", [.literal, .literal, .literal, .text]),
    ("<!-- a -->\nc", [.literal, .text]),
    ("<script>\n```\n\n</script>\nc", [.literal, .literal, .literal, .literal, .text]),
    ("<div>\n```\n\n```\nd\n```\nc", [.tags, .tags, .text, .mark, .literal, .mark, .text]),
    ("<x a='1' b=2 />\n```\n\nc", [.tags, .tags, .text, .text]),
    // Indented code has no marks, but items of lists are indented.
    ("a\n\n    ```\nc", [.text, .text, .text, .text]),
    ("- a\n\n  ```\n  b\n  ```\nc", [.text, .text, .mark, .literal, .mark, .text]),
    ("10. a\n\n    ```\n    b\n    ```\nc", [.text, .text, .mark, .literal, .mark, .text]),
    ("- ```\n  b\n  ```\n  c", [.mark, .literal, .mark, .text]),
    ("[^1]: a\n\n    ```\n    b\n    ```", [.text, .text, .mark, .literal, .mark]),
    ("> ```\n> b", [.text, .text]),
    // Code ends with its item. Nobody writes that, and so nothing behind it is taken for code.
    ("- a\n  ```\nb\n```\nc\n```", [.text, .mark, .text, .text, .text, .text]),
  ]

  @Test(arguments: texts.indices) func blocksAreThoseOfCommonMark(index: Int) {
    #expect(Self.lines(Self.texts[index].text) == Self.texts[index].lines)
  }

  private static let fragments = [
    "```", "~~~", "    ```", "  ```", "   ```", "- ```", "\t```", "````", "- a", "  - b", "1. x", "14. y", "2.  z", "-",
    "> q", "> ```", "- > ```", "- # h", "1. | a |", "  |---|",
    "  | b |", "<!--", "-->", "<!-- x -->", "<div>", "<x>", "<x", "<script>", "</script>", "<?", "?>",
    "text", "  text", "    text", "", "", "# h", "#h", "---", "===", "* * *", "[^1]: n", "n[^1]", "| a |", "|---|",
    "      far",
  ]

  /// No text that the parser reads is ever taken for code.
  @Test(arguments: 0..<20) func noTextIsTakenForCode(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<300 {
      let count = Int.random(in: 3...14, using: &generator)
      let text = (0..<count).map { _ in Self.fragments.randomElement(using: &generator) ?? "" }.joined(separator: "\n")
      var literal = Set(Self.lines(text).enumerated().filter { $0.element == .literal }.map { $0.offset + 1 })
      var read: Set<Int> = []
      _ = MarkdownNode.withTree(of: text) { root in
        for node in root.descendants {
          switch node.kind {
          case .paragraph, .heading, .tableRow: read.formUnion(node.lines)
          // The parser gives a heading the line behind it, too, and a comment of one line no line at the end.
          case .code, .html: literal.subtract(node.startLine...max(node.startLine, node.endLine))
          default: break
          }
        }
      }
      let inText = literal.intersection(read)
      #expect(inText.isEmpty, "lines \(inText.sorted()) of \(text.debugDescription)")
    }
  }
}
