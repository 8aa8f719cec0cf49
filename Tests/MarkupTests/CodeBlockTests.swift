import Testing

@testable import Markup

@Suite struct CodeBlockTests {
  @Test func codeBlocksInListsAndQuotesKnowTheirPlaces() throws {
    let markdown = """
      ```swift {#one}
      let a = 1
      ```

      - item
        ~~~ swift {#二 timeout=30m}
        let b = 2
          + 3

        ~~~

      > ```
      > quoted
      > ```
      """
    let blocks = Document(markdown: markdown, file: "week.md", firstLine: 4).codeBlocks
    #expect(blocks.map(\.info) == ["swift {#one}", "swift {#二 timeout=30m}", ""])
    #expect(blocks.map(\.literal) == ["let a = 1\n", "let b = 2\n  + 3\n\n", "quoted\n"])
    #expect(
      blocks.map(\.position) == [.init(line: 4, column: 1), .init(line: 9, column: 3), .init(line: 15, column: 3)])
    #expect(blocks.map(\.contentLine) == [5, 10, 16])
    #expect(blocks.map(\.language) == ["swift", "swift", ""])
    #expect(blocks[1].position(line: 2, column: 3) == SourcePosition(line: 11, column: 5))
    #expect(blocks.map(\.isClosed) == [true, true, true])
  }

  @Test(arguments: [
    "```\na\n```\n", "```\n```", "````\n```\n````", "~~~\n```\n~~~", "- ```\n  a\n  ```\n", "> ```\n> a\n> ```\n\nb",
    "   ```\na\n ```\n\n\n",
    "```\na\n```   \nb", "    indented\n", "1. a\n\n   ```\n   b\n   ```\n2. c",
  ])
  func closedFences(markdown: String) {
    #expect(Document(markdown: markdown, file: "week.md").errors.isEmpty)
  }

  @Test(arguments: [
    ("```", 1, 1), ("```\n", 1, 1), ("a\n\n```swift {#x}\nlet a = 1\n", 3, 1), ("````\na\n```\n", 1, 1),
    ("~~~\na\n```\n", 1, 1),
    ("```\na\n    ```\n", 1, 1), ("- ```\n  a\n\nb\n", 1, 3), ("> ```\n> a\n\nb\n", 1, 3), ("> ```\n> a\nb\n", 1, 3),
    ("> ~~~\n> q\n\n```\nb\n```\n", 1, 3), ("中文\n\n- 文 a\n\n  ```\n", 5, 3), ("```\n``` swift\n", 1, 1),
    ("```\na\n\n\n", 1, 1),
  ])
  func unclosedFences(markdown: String, line: Int, column: Int) throws {
    let errors = Document(markdown: markdown, file: "week.md").errors
    let error = try #require(errors.first)
    #expect(errors.count == 1)
    #expect(
      error.description == """
        week.md:\(line):\(column): this code block has no closing fence
          End it with a line of as many backticks or tildes as it begins with.
        """)
  }

  @Test(arguments: [
    ("# 标题 `{swift} a.b`", "a.b", 1, 15),
    ("中文 `{swift}   x`", "x", 1, 15),
    ("a\n\n- b\n  continued `{swift} y` z", "y", 4, 22),
    ("| 列 | b |\n|---|---|\n| 中 | `{swift} t \\|\\| u` |", "t || u", 3, 16),
    ("first\n| a | `{swift} t` |\n|---|---|", "t", 2, 16),
    ("- `{swift} t`\n  more\n  | a |\n  |---|\n  | b |", "t", 1, 12),
    ("> a `{swift} q`", "q", 1, 14),
    ("$中文$ `{swift} m`", "m", 1, 15),
    ("`` {swift} `x` ``", "`x`", 1, 12),
    ("a `{swift}\nb` c", "b", 2, 1),
    ("x[^1]\n\n[^1]: note `{swift} f`", "f", 3, 21),
    ("**`{swift} bold`**", "bold", 1, 12),
    ("[`{swift} linked`](#a)", "linked", 1, 11),
  ])
  func expressionsKnowTheirPlaces(markdown: String, source: String, line: Int, column: Int) throws {
    let expressions = Document(markdown: markdown, file: "week.md").expressions
    let expression = try #require(expressions.first)
    #expect(expressions.count == 1)
    #expect(expression.source == source)
    #expect(expression.position == SourcePosition(line: line, column: column))
  }

  @Test func equalExpressionsAreToldApart() {
    let document = Document(
      markdown: "`{swift} a` `{swift} a`\n`{swift} a`\n\n`{swift} a`", file: "week.md", firstLine: 10)
    #expect(document.expressions.map(\.index) == [0, 1, 2, 3])
    #expect(
      document.expressions.map(\.position) == [
        .init(line: 10, column: 10), .init(line: 10, column: 22), .init(line: 11, column: 10),
        .init(line: 13, column: 10),
      ])
  }

  @Test(arguments: ["`{swift}`", "`{swift}a`", "`{swift} `", "`swift a`", "```\n`{swift} a`\n```", "\\`{swift} a\\`"])
  func whatIsNoExpression(markdown: String) {
    #expect(Document(markdown: markdown, file: "week.md").expressions.isEmpty)
  }
}
