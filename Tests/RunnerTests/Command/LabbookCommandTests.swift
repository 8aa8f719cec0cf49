import Foundation
import TestSupport
import Testing

@testable import Runner

/// The command as a user runs it: a process with its output and exit code.
@Suite(.waiting) struct LabbookCommandTests {
  static let notebook = """
    ---
    title: 周报
    lang: zh-Hans
    ---

    ```swift {#data}
    let losses = (1...20).map { 1 / Double($0) }
    ```

    ```swift {#loss}
    //| fig-cap: 损失
    show(Chart.lossCurves([LossCurve(label: "甲", training: losses)]))
    ```

    最后的损失是 `{swift} losses[19]`，见[图](#fig-loss)。
    """

  @Test func runWritesThePageAndItsPictures() throws {
    let notebook = try TemporaryNotebook(Self.notebook)
    let first = try notebook.labbook("run", "n.md")
    #expect(first.code == 0)
    #expect(first.output == "reports/n/index.html\n")
    #expect(first.errors.contains("loss  ran in "))
    let page = try String(contentsOf: notebook.folder.appendingPathComponent("reports/n/index.html"), encoding: .utf8)
    #expect(page.contains("<html lang=\"zh-Hans\""))
    #expect(page.contains("0.05000"))
    #expect(page.contains("<svg"))
    let picture = try Data(contentsOf: notebook.folder.appendingPathComponent("reports/n/loss.png"))
    #expect(picture.starts(with: [0x89, 0x50, 0x4E, 0x47]))

    let second = try notebook.labbook("run", "n.md")
    #expect(second.errors == "data  fresh\nloss  fresh\n")
    let again = try String(contentsOf: notebook.folder.appendingPathComponent("reports/n/index.html"), encoding: .utf8)
    #expect(again == page)
  }

  @Test func jsonHasOneObjectALine() throws {
    let notebook = try TemporaryNotebook(Self.notebook)
    _ = try notebook.labbook("run", "n.md")
    let result = try notebook.labbook("run", "n.md", "--json")
    #expect(
      result.output == """
        {"cell":"data","state":"fresh","seconds":0.0}
        {"cell":"loss","state":"fresh","seconds":0.0}
        {"report":"reports/n/index.html","exit":0}

        """)
  }

  @Test(arguments: [
    ("```swift {#a}\nfatalError(\"no\")\n```\n", 1),
    ("```swift {#a}\n//| error: true\nfatalError(\"no\")\n```\n", 0),
    ("```swift {#a timeout=1s}\nwhile cellThreads > 0 {}\n```\n", 124),
    ("```swift {#a}\nlet x = y\n```\n", 2),
    ("Nothing to run.\n", 0),
  ])
  func exitCodes(source: String, code: Int32) throws {
    let notebook = try TemporaryNotebook(source)
    #expect(try notebook.labbook("run", "n.md").code == code)
  }

  @Test(arguments: [
    (["run", "x.md"], "x.md: error: the notebook doesn't exist\n"),
    (["check", "x.md"], "x.md: error: the notebook doesn't exist\n"),
    (
      ["run", "n.md", "--cell", "lss"],
      "error: n.md has no cell named \"lss\"\n  Did you mean \"loss\"?\n"
    ),
  ])
  func errors(arguments: [String], text: String) throws {
    let notebook = try TemporaryNotebook(Self.notebook)
    let result =
      arguments.count == 2
      ? try notebook.labbook(arguments[0], arguments[1])
      : try notebook.labbook(arguments[0], arguments[1], arguments[2], arguments[3])
    #expect(result.errors == text)
    #expect(result.code == 2)
  }

  @Test func aCellIsAsNiceAsTheCommand() throws {
    let notebook = try TemporaryNotebook(
      "```swift {#a}\nprint(\"nice\", getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0))\n```\n")
    let arguments = ["-n", "4", TemporaryNotebook.executable, "run", "n.md"]
    let ending = try notebook.start(arguments, executable: "/usr/bin/nice")()
    #expect(ending.code == 0)
    let own = getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)
    #expect(try notebook.text("reports/n/index.html").contains("nice \(min(19, own + 4))"))
  }

  @Test func checkPrintsTheCompilersErrorAtTheNotebooksPlace() throws {
    let notebook = try TemporaryNotebook(Self.notebook)
    try notebook.edit("/ Double", "/ Dobule")
    let result = try notebook.labbook("check", "n.md")
    #expect(result.code == 2)
    #expect(
      result.errors.hasPrefix(
        """
        n.md:7:33: error: cannot find 'Dobule' in scope
          let losses = (1...20).map { 1 / Dobule($0) }
        """))
  }

  @Test func theTangledScriptGivesTheSameResults() throws {
    let notebook = try TemporaryNotebook(
      """
      ---
      params: {n: 3}
      ---
      ```swift {#a}
      let _x = params.n
      let a = _x + 1
      ```

      ```swift {#b}
      let _x = a * 2
      print(_x)
      ```
      """)
    let script = try notebook.labbook("tangle", "n.md")
    #expect(script.code == 0)
    try notebook.write(script.output, to: "n.swift")
    let command = try #require(script.output.split(separator: "\n").first).dropFirst("// Compile: ".count)
    let shell = try notebook.start(["-c", "\(command) && ./n"], executable: "/bin/sh")()
    #expect(shell.output == "8\n")
    #expect(shell.code == 0)
  }

  @Test func aStoredValueIsPrintedAsJSON() throws {
    let notebook = try TemporaryNotebook(
      """
      ```swift {#a}
      struct Point: Codable {
        var x = 1.5
        var name = "p \\"1\\""
        var weights: [Float] = [0.5, .infinity]
        var none: Int?
      }
      let points = [Point()]
      ```
      """)
    #expect(try notebook.labbook("value", "n.md", "points").errors.contains("Run the notebook first"))
    _ = try notebook.labbook("run", "n.md")
    let value = try notebook.labbook("value", "n.md", "points")
    #expect(value.output == #"[{"name":"p \"1\"","weights":[0.5,"inf"],"x":1.5}]"# + "\n")
    let unknown = try notebook.labbook("value", "n.md", "point")
    #expect(unknown.code == 2 && unknown.errors.contains("Did you mean \"points\"?"))
  }
}
