import Foundation
import TestSupport
import Testing

@testable import Engine

/// Tests which cells share an executable, and that all cells have the same meaning as in a script.
@Suite struct CellFunctionTests {
  private static func program(_ notebook: Notebook, _ name: String) throws -> CellProgram {
    let graph = CellGraph(notebook.cells, file: notebook.file)
    let cell = try #require(notebook[cell: name])
    return CellProgram(cell, of: notebook, needs: graph.needs[name] ?? CellGraph.Needs(), types: [:])
  }

  @Test(arguments: [
    ("let a = 1\nprint(a)", true),
    ("import Dispatch\nlet a = 1", true),
    ("struct Point { var x = 1 }\nlet point = Point()", true),
    ("func double(_ n: Int) -> Int { n * 2 }\nlet four = double(2)", true),
    // The function reads a global variable of the script.
    ("let scale = 2\nfunc scaled(_ n: Int) -> Int { n * scale }", false),
    ("let value = await Task { 1 }.value", false),
    ("#if os(Linux)\nstruct Point {}\n#endif\nprint(1)", false),
    ("let a = (", false),
  ])
  func cellsAreFunctionsUnlessTheyNeedAScript(source: String, isFunction: Bool) throws {
    let notebook = try Notebook(source: "```swift {#a}\n\(source)\n```\n", file: "n.md")
    #expect((try Self.program(notebook, "a").function != nil) == isFunction)
  }

  @Test func aDeclarationOfALaterCellCanReachIntoACellsValues() throws {
    let notebook = try Notebook(
      source: """
        ```swift {#a}
        let scale = 2
        print(scaled(1))
        ```

        ```swift {#b}
        func scaled(_ n: Int) -> Int { n * scale }
        ```
        """, file: "n.md")
    #expect(try Self.program(notebook, "a").function == nil)
    #expect(try Self.program(notebook, "b").function != nil)
  }

  /// A cell gives the same result in every form in which it is compiled.
  @Test func allFormsGiveTheSame() async throws {
    let notebook = try TemporaryNotebook(
      """
      ---
      params: {width: 3, depth: 2}
      ---

      ```swift {#plain}
      import Dispatch
      struct 点: Codable, Equatable { var x: Int }; let points = (1...params.width).map { 点(x: $0) }
      ```

      ```swift {#script}
      let scale = params.depth * 10
      func scaled(_ n: Int) -> Int { n * scale }
      let first = scaled(1)
      ```

      ```swift {#modifier}
      private let secret = 5
      public let open = secret + 1
      ```

      ```swift {#uses}
      private func sum(_ points: [点]) -> Int { points.reduce(0) { $0 + $1.x } }
      extension 点 { static func + (a: 点, b: 点) -> 点 { 点(x: a.x + b.x) } }
      var total = sum(points)
      for point in points { total += scaled(point.x) }
      let joined = points[0] + points[1]
      ```

      ```swift {#waits}
      let waited = await Task { first + 1 }.value
      ```

      ```swift {#hidden}
      func _double(_ n: Int) -> Int { n * 2 }
      let doubled = _double(open)
      ```

      ```swift {#hiddenToo}
      func _double(_ n: Int) -> Int { n * 20 }
      let more = _double(open)
      ```

      `{swift} total`, `{swift} joined.x`, `{swift} waited`, `{swift} doubled`, `{swift} more`, `{swift} params.width`
      """)
    let outcome = try await notebook.run()
    #expect(outcome.cells.compactMapValues { _ in outcome.cells.keys.compactMap { outcome.failure($0) }.first }.isEmpty)
    #expect(outcome.texts == ["126", "3", "21", "12", "120", "3"])
  }

  /// A cell that only the linker rejects doesn't affect the other cells of its executable.
  @Test func aCellThatDoesNotLinkFailsAlone() async throws {
    let notebook = try TemporaryNotebook(
      """
      ```swift {#good}
      let a = 1
      ```

      ```swift {#bad}
      @_silgen_name("nowhere") func nowhere() -> Int
      let b = nowhere()
      ```

      ```swift {#also}
      let c = a + 1
      ```
      """)
    let outcome = try await notebook.run(.init(keepGoing: true))
    #expect(outcome.cells["good"]?.state == .ran && outcome.cells["also"]?.state == .ran)
    let failure = try #require(outcome.failure("bad"))
    #expect(failure.message.hasPrefix("the cell does not compile:"))
    #expect(failure.message.contains("undefined symbol: nowhere"))
    #expect(failure.place?.line == 5)
  }

  @Test func cellsShareExecutablesAndOneThatIsDamagedIsMadeAnew() async throws {
    let notebook = try TemporaryNotebook(NotebookRunTests.chain)
    _ = try await notebook.run()
    let programs = notebook.folder.appendingPathComponent(".labbook/programs")
    let names = try FileManager.default.contentsOfDirectory(atPath: programs.path)
    let executables = names.filter { !$0.hasSuffix(ProgramRecord.fileSuffix) }
    // The five cells and the prose are divided evenly between the two compilers.
    #expect(names.count - executables.count == 6)
    #expect(executables.count == 2)
    for name in executables {
      try Data("not a program".utf8).write(to: programs.appendingPathComponent(name))
    }
    var options = NotebookRun.Options()
    options.fresh = true
    let outcome = try await notebook.run(options)
    #expect(outcome.cells.values.allSatisfy { $0.state == .ran })
    #expect(outcome.texts == ["6", "12", "0.3333"])
  }
}
