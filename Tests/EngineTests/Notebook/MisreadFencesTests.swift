import Testing

@testable import Engine

/// Text that looks like Labbook's syntax but isn't gets a warning. Valid syntax and intended text don't.
@Suite struct MisreadFencesTests {
  private func warnings(_ source: String) throws -> [String] {
    try Notebook(source: source, file: "n.md").warnings.map { "\($0.place?.line ?? 0): \($0.message)" }
  }

  @Test(arguments: ["{swift}", "{swift #q}", "{.swift #p}", "Swift {#g}", "swift #h", "swift h", "SWIFT {#x}"])
  func fencesThatAreNoCells(info: String) throws {
    #expect(
      try warnings("```\(info)\nprint(1)\n```\n") == ["1: this block looks like a cell, but is shown and not run"])
  }

  @Test(arguments: ["swift", "swift {#a}", "swift{#a}", "", "text", "{=html}", "json", "markdown"])
  func fencesThatAreWhatTheyAre(info: String) throws {
    #expect(try warnings("```\(info)\nprint(1)\n```\n") == [])
  }

  @Test(arguments: [
    ("\n//| echo: false\nprint(1)", 3), ("print(1)\n//| echo: false", 3), ("// | echo: false\nprint(1)", 2),
  ])
  func optionsThatMeanNothing(source: String, line: Int) throws {
    #expect(try warnings("```swift {#a}\n\(source)\n```\n") == ["\(line): this option has no effect here"])
  }

  @Test func twoNamesAreAnError() {
    let error = #expect(throws: NotebookError.self) { try Notebook(source: "```swift {#a #b}\n```\n", file: "n.md") }
    #expect(error?.diagnostics[0].message == "the cell has two names, \"a\" and \"b\"")
  }

  @Test func lostCellsOfTablesAndCodeThatIsNoExpression() throws {
    let table = "| a | b |\n|---|---|\n| `{swift} 1 | 2` | x |\n| `1 \\| 2` | $|x|$ |\n"
    #expect(
      try warnings(table).contains("3: this row has 3 cells and the table's head 2: the last ones are left out"))
    let short = "| a | b |\n|---|---|\n| 1 |\n| 2 | |\n| 3 |  | 4 |\ntext\n"
    #expect(
      try warnings(short) == [
        "3: this row has 1 cell and the table's head 2: the rest stays empty",
        "5: this row has 3 cells and the table's head 2: the last ones are left out",
        "6: this row has 1 cell and the table's head 2: the rest stays empty",
      ])
    #expect(try warnings("`{swift}1+1` and `{python} x`").count == 2)
    #expect(try warnings("`{swift} 1+1` and `{x}` and `swift`") == [])
  }

  @Test(arguments: [
    ("date: 2023-02-30", "2: the date 2023-02-30 stays as it is: there is no day 2023-02-30"),
    (
      "date: 2023-11-16/2023-11-10", "2: the date 2023-11-16/2023-11-10 stays as it is: 2023-11-10 is before 2023-11-16"
    ),
    ("date: 2023-W53", "2: the date 2023-W53 stays as it is: 2023 has no week 53: it has 52"),
    ("date: 11/16/2023", "2: the date 11/16/2023 can't be read and stays as it is"),
    ("lang: fr", "2: the language \"fr\" has no translation: the report's own words are English"),
    ("title: Issue #12 of C#", "2: YAML reads #12 of C# as a comment and not as part of the value"),
  ])
  func frontMatterThatIsNotWhatItSeems(line: String, warning: String) throws {
    #expect(try warnings("---\n\(line)\n---\n") == [warning])
  }

  @Test(arguments: [
    "date: 2020-W53", "date: 2024-02-29", "date: last week", "lang: en-GB", "lang: zh-CN", "title: a # b",
  ])
  func frontMatterThatIsFine(line: String) throws {
    #expect(try warnings("---\n\(line)\n---\n") == [])
  }

  @Test func frontMatterBelowTheFirstLine() throws {
    #expect(
      try warnings("\n---\ntitle: A\n---\n\nText.\n")
        == ["2: this front matter is shown as text: it must begin in line 1"]
    )
    #expect(try warnings("Text.\n\n---\n\ntitle: A\n\n---\n") == [])
  }
}
