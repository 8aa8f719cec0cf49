import Testing

@testable import Engine

@Suite struct NotebookTests {
  @Test func cellsHaveNamesOptionsAndPlaces() throws {
    let notebook = try Notebook(
      source: """
        ---
        title: 进度汇报
        params: {width: 64, rate: 1e-3, quick: true, label: 甲}
        seed: 7
        ---

        Text.

        ```swift {#训练 timeout=30m}
        //| fig-cap: "Loss: train"
        //| echo: false

        let x = 1
        ```

        - item

          ```swift {#inner}
          let y = 2
          ```

        ```swift
        a listing
        ```
        """, file: "n.md")
    #expect(notebook.frontMatter.title == "进度汇报")
    #expect(notebook.frontMatter.seed == 7)
    #expect(
      notebook.frontMatter.parameters == [
        Parameter(name: "width", value: .integer(64)), Parameter(name: "rate", value: .number(1e-3)),
        Parameter(name: "quick", value: .boolean(true)), Parameter(name: "label", value: .string("甲")),
      ])
    #expect(notebook.cells.map(\.name) == ["训练", "inner"])
    let first = notebook.cells[0]
    #expect(first.options.timeout == 1800)
    #expect(first.options.figureCaptions == ["Loss: train"])
    #expect(!first.options.echo)
    #expect(first.line == 9 && first.sourceLine == 12)
    #expect(first.source == "\nlet x = 1")
    #expect(notebook.cells[1].place(.init(line: 1, column: 5), file: "n.md").description == "n.md:19:7")
  }

  @Test(arguments: [
    (
      "---\ntitle: [a\n---\n",
      "n.md:3:1: error: the front matter is not YAML: did not find expected ',' or ']'\n"
        + "  Put the value in quotes: title: \"[a\""
    ),
    (
      "---\ntitle: a\n",
      """
      n.md:1:1: error: the front matter that begins here is never closed
        Close it with a line of ---.
      """
    ),
    ("---\n- a\n---\n", "n.md:2:1: error: the front matter is not a list of `key: value` lines"),
    ("---\nseed: -1\n---\n", "n.md:2:7: error: `seed` in the front matter must be a whole number, 0 or more"),
    (
      "---\nparams:\n  a-b: 1\n---\n",
      """
      n.md:3:3: error: the parameter name "a-b" is not a Swift name
        Use letters, digits and underscores, beginning with a letter.
      """
    ),
    (
      "```swift {#a}\nlet x = 1\n```\n\n```swift {#a}\nlet y = 1\n```\n",
      """
      n.md:5:1: error: two cells are named "a"
        The first is in line 1. Give one of them another name.
      """
    ),
    (
      "text\n\n```swift {#a}\nlet x = 1\n",
      """
      n.md:3:1: error: this code block has no closing fence
        End it with a line of as many backticks or tildes as it begins with.
      """
    ),
    (
      "```swift {#a}\n//| fig-cpa: Loss\n```\n",
      """
      n.md:2:1: error: `fig-cpa` is not a cell option
        Did you mean `fig-cap`?
      """
    ),
    ("```swift {#a timeout=soon}\n```\n", "n.md:1:1: error: `timeout` must be a time such as 90s, 30m or 2h"),
    (
      "```swift {train}\n```\n",
      """
      n.md:1:1: error: "train" is not an attribute of a cell
        Write `#name` or `option=value`.
      """
    ),
  ])
  func errors(source: String, text: String) throws {
    let error = #expect(throws: NotebookError.self) { try Notebook(source: source, file: "n.md") }
    #expect(error?.diagnostics.map { $0.text() }.joined(separator: "\n") == text)
  }

  @Test func unknownFrontMatterKeysAreWarnedOf() throws {
    let notebook = try Notebook(source: "---\nauthr: me\n---\n", file: "n.md")
    #expect(
      notebook.warnings.map { $0.text() } == [
        "n.md:2:1: warning: `authr` is not a key of the front matter\n  Did you mean `author`?"
      ])
  }
}
