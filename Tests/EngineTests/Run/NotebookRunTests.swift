import Core
import Foundation
import TestSupport
import Testing

@testable import Engine

/// Whole notebooks, which run as they do for a user.
@Suite struct NotebookRunTests {
  static let chain = """
    ---
    params: {width: 3, unused: 1}
    ---

    ```swift {#数据}
    struct Point: Codable { var x: Int }
    func double(_ n: Int) -> Int { n * 2 }
    let points = (1...params.width).map { Point(x: $0) }
    ```

    ```swift {#sum}
    let total = points.reduce(0) { $0 + $1.x }
    print("total", total)
    ```

    ```swift {#parity}
    let isEven = total % 2 == 0
    ```

    ```swift {#show}
    show("even: \\(isEven)")
    ```

    ```swift {#alone}
    let answer = double(21)
    ```

    The total is `{swift} total`, twice `{swift} double(total)`, a third `{swift} Double(total) / 18`.
    """

  @Test func valuesAndDeclarationsPassFromCellToCell() async throws {
    let notebook = try TemporaryNotebook(Self.chain)
    let outcome = try await notebook.run()
    #expect(outcome.cells.values.allSatisfy { $0.state == .ran })
    #expect(outcome.texts == ["6", "12", "0.3333"])
  }

  @Test func aChangedFileRerunsTheCellThatReadIt() async throws {
    let notebook = try TemporaryNotebook(
      """
      ```swift {#read}
      let text = String(decoding: try FileAccess.read("data.txt"), as: UTF8.self)
      ```

      ```swift {#other}
      //| depends: other.txt
      let other = 1
      ```
      """)
    try notebook.write("one", to: "data.txt")
    try notebook.write("one", to: "other.txt")
    #expect(try await notebook.states() == ["read ran", "other ran"])
    #expect(try await notebook.states() == ["read fresh", "other fresh"])
    try notebook.write("two", to: "data.txt")
    #expect(try await notebook.states() == ["read ran", "other fresh"])
    try notebook.write("two", to: "other.txt")
    #expect(try await notebook.states() == ["read fresh", "other ran"])
    try notebook.write("one", to: "data.txt")
    #expect(try await notebook.states() == ["read fresh", "other fresh"])
  }

  @Test func oneCellRunsAgainOnWhatItNeeds() async throws {
    let notebook = try TemporaryNotebook("```swift {#a}\nlet a = 1\n```\n\n```swift {#b}\nprint(a)\n```\n")
    #expect(try await notebook.states() == ["a ran", "b ran"])
    #expect(try await notebook.states(.init(fresh: true, cell: "b")) == ["a fresh", "b ran"])
    #expect(try await notebook.states(.init(fresh: true)) == ["a ran", "b ran"])
  }

  @Test func aFileThatACellWroteIsMadeAgain() async throws {
    let notebook = try TemporaryNotebook(
      """
      ```swift {#write writes=out.txt}
      try "v1".write(toFile: "out.txt", atomically: true, encoding: .utf8)
      ```

      ```swift {#forget writes=no.txt}
      print(1)
      ```
      """)
    #expect(try await notebook.states() == ["write ran", "forget failed"])
    #expect(try await notebook.states() == ["write fresh", "forget failed"])
    try FileManager.default.removeItem(at: notebook.folder.appendingPathComponent("out.txt"))
    let outcome = try await notebook.run()
    #expect(outcome.cells["write"]?.state == .ran)
    #expect(try String(contentsOf: notebook.folder.appendingPathComponent("out.txt"), encoding: .utf8) == "v1")
    #expect(outcome.failure("forget")?.message == "the cell didn't write no.txt, which its `writes` option names")
  }

  @Test func anExpectedFailureIsShownWithoutRunning() async throws {
    let notebook = try TemporaryNotebook(
      "```swift {#demo error=true}\nprint(\"before\")\nfatalError(\"meant\")\n```\n\n```swift {#next}\nprint(1)\n```\n")
    _ = try await notebook.run()
    let shown = try await notebook.run(.init(onlyStored: true))
    #expect(shown.failure("demo")?.message == "meant")
    #expect(shown.cells["next"]?.state == .fresh)
    let plan = try await NotebookRun(
      Notebook(reading: notebook.file.path), store: Store(beside: notebook.folder)
    ).plan()
    #expect(plan.text.contains("demo  runs: its failure is expected and not kept"))
    try notebook.edit("meant", "changed")
    #expect(try await notebook.run(.init(onlyStored: true)).cells["demo"]?.state == .left)
  }

  @Test func aMissingModuleIsNamedAtItsImport() async throws {
    let notebook = try TemporaryNotebook(
      "```swift {#a}\nlet x = 1\n```\n\n```swift {#b}\nimport Fondation\nprint(x)\n```\n")
    let error = await #expect(throws: NotebookError.self) { try await notebook.run() }
    #expect(error?.diagnostics.map(\.message) == ["there is no module \"Fondation\""])
    #expect(error?.diagnostics.first?.remedy?.hasPrefix("Did you mean \"Foundation\"? Cells can import") == true)
    #expect(error?.diagnostics.first?.place?.line == 6)
  }

  @Test func aFailedCellLeavesTheOthersAndSaysWhereItFailed() async throws {
    let notebook = try TemporaryNotebook(
      """
      ```swift {#good}
      let a = [1, 2]
      ```

      ```swift {#bad}
      print("before")
      let index = a.count + 1
      let b = a[index]
      ```

      ```swift {#after}
      print(b)
      ```

      ```swift {#independent}
      print(a)
      ```

      `{swift} a.count` and `{swift} b`.
      """)
    let stopped = try await notebook.run()
    #expect(
      stopped.cells.mapValues(\.state) == ["good": .ran, "bad": .failed, "after": .blocked, "independent": .left])
    #expect(stopped.texts == ["2", "needs bad"])
    let outcome = try await notebook.run(.init(keepGoing: true))
    #expect(
      outcome.cells.mapValues(\.state)
        == ["good": .fresh, "bad": .failed, "after": .blocked, "independent": .ran])
    #expect(outcome.failure("bad")?.place?.line == 8)
    if case .printed(let text)? = outcome.cells["bad"]?.outputs.first {
      #expect(text == "before\n")
    } else {
      Issue.record("what the cell had printed is lost")
    }
  }

  @Test(arguments: [
    (
      "throw InputError(\"no good\", at: Place(file: \"d.csv\", line: 3), remedy: \"Mend it.\")", 2,
      "d.csv:3: no good\n  Mend it."
    ),
    ("let x = 1\nfatalError(\"不行\")", 3, "不行"),
    ("print(1)\nexit(3)", 3, "the cell exited with code 3"),
    ("if cellThreads > 0 { exit(0) }", 2, "the cell ended itself by exit(0) before its last statement"),
    ("kill(getpid(), SIGKILL)\nsleep(9)", 2, "the cell was ended by signal 9: something killed it"),
  ])
  func waysToFail(code: String, line: Int, message: String) async throws {
    let notebook = try TemporaryNotebook("```swift {#a}\n\(code)\n```\n")
    let failure = try #require(try await notebook.run().failure("a"))
    #expect(failure.message == message)
    #expect(failure.place?.line == line)
  }

  @Test func aCellThatRunsTooLongIsEnded() async throws {
    let notebook = try TemporaryNotebook("```swift {#a timeout=1s}\nwhile cellThreads > 0 {}\n```\n")
    #expect(try await notebook.run().failure("a")?.message == "the cell ran longer than its timeout of 1 s")
  }

  @Test func aTrapInAHelperNamesTheHelpersLine() async throws {
    let notebook = try TemporaryNotebook(
      """
      ```swift {#helper}
      func pick(_ list: [Int], _ i: Int) -> Int {
        list[i]
      }
      ```

      ```swift {#use}
      let list = [cellThreads]
      print(pick(list, list.count))
      ```
      """)
    #expect(try await notebook.run().failure("use")?.place?.line == 3)
  }

  @Test func oneCellRunsWithWhatItNeeds() async throws {
    let notebook = try TemporaryNotebook(Self.chain)
    #expect(
      try await notebook.states(.init(cell: "sum"))
        == ["数据 ran", "sum ran", "parity left", "show left", "alone left"])
    _ = try await notebook.run()
    try notebook.edit("width: 3", "width: 5")
    #expect(
      try await notebook.states(.init(cell: "sum"))
        == ["数据 ran", "sum ran", "parity stale", "show stale", "alone fresh"])
  }

  @Test func freshRunsEverything() async throws {
    let notebook = try TemporaryNotebook(Self.chain)
    _ = try await notebook.run()
    #expect(try await notebook.states(.init(fresh: true)).allSatisfy { $0.hasSuffix(" ran") })
  }

  @Test func independentCellsRunSideBySideToTheSameResults() async throws {
    let one = try TemporaryNotebook(Self.chain)
    let two = try TemporaryNotebook(Self.chain)
    let alone = try await one.run()
    let beside = try await two.run(.init(jobs: 2))
    #expect(alone.cells.mapValues { $0.result?.values } == beside.cells.mapValues { $0.result?.values })
  }

  @Test func everyCellHasItsOwnSeed() async throws {
    let notebook = try TemporaryNotebook(
      "```swift {#a}\nlet x = cellSeed\n```\n\n```swift {#b}\nlet y = cellSeed\n```\n\n`{swift} x` `{swift} y` "
        + "`{swift} x`"
    )
    let texts = try await notebook.run().texts
    #expect(texts[0] == texts[2] && texts[0] != texts[1])
    try notebook.edit("```swift {#a}", "```swift {#new}\nprint(1)\n```\n\n```swift {#a}")
    #expect(try await notebook.run().texts == texts)
  }

  @Test(arguments: [
    (
      "```swift {#a}\nlet 宽度 = (1\n```\n\n- b\n\n  ```swift {#b}\n  let y = 2 +\n  ```\n",
      """
      n.md:2:12: error: expected ')' in expression list
      n.md:2:10: note: to match this opening '('
      n.md:8:14: error: expected expression after operator
      """
    ),
    (
      "```swift {#a}\nlet x: Int = \"1\"\n```\n",
      """
      n.md:2:14: error: cannot convert value of type 'String' to specified type 'Int'
      """
    ),
    (
      "```swift {#a}\nclass Thing {}\nlet thing = Thing()\n```\n\n```swift {#b}\nprint(thing)\n```\n",
      """
      n.md:3:5: error: `thing` can't be handed on: the cell "b" uses it, and `Thing` is not Codable
        Make the type Codable (`struct Name: Codable`), or build the value in the cell that uses it.
      """
    ),
    (
      "周报：`{swift} nothing + 1`\n",
      """
      n.md:1:13: error: cannot find 'nothing' in scope
      """
    ),
    (
      "```swift {#a}\nlet _x = 1; print(_x)\n```\n\n- b\n\n  ```swift {#b}\n  let _x = 2; print(_x, y)\n  ```\n",
      """
      n.md:8:25: error: cannot find 'y' in scope
      """
    ),
  ])
  func errorsBeforeAnythingRuns(source: String, text: String) async throws {
    let notebook = try TemporaryNotebook(source)
    let error = await #expect(throws: NotebookError.self) {
      let parsed = try Notebook(source: source, file: "n.md")
      _ = try await NotebookRun(parsed, store: Store(beside: notebook.folder))
    }
    #expect(error?.diagnostics.map { $0.text() }.joined(separator: "\n") == text)
  }
}
