import Foundation
import TestSupport
import Testing

@testable import Engine

/// Pinned cells keep their results through changes that don't affect them.
@Suite struct PinnedTests {
  static let source = """
    ```swift {#measure}
    //| pinned: true
    let measured = [3.0, 1.0, 2.0]
    ```

    ```swift {#use}
    print(measured.reduce(0, +))
    ```
    """

  @Test func theKeyLeavesOutLabbookAndTheCompiler() async throws {
    let notebook = try TemporaryNotebook(Self.source)
    let outcome = try await notebook.run()
    let kinds = { (cell: String) in outcome.cells[cell]?.result?.key.parts.map(\.kind) ?? [] }
    #expect(kinds("use").count(where: \.isTool) > 1)
    #expect(kinds("measure").allSatisfy { !$0.isTool })
  }

  @Test func onlyItsNameMakesItAnew() async throws {
    let notebook = try TemporaryNotebook(Self.source)
    #expect(try await notebook.states() == ["measure ran", "use ran"])
    #expect(try await notebook.states(.init(fresh: true)) == ["measure fresh", "use ran"])
    #expect(try await notebook.states(.init(fresh: true, cell: "use")) == ["measure fresh", "use ran"])
    #expect(try await notebook.states(.init(fresh: true, cell: "measure")) == ["measure ran", "use fresh"])
    try notebook.edit("3.0", "4.0")
    #expect(try await notebook.states() == ["measure ran", "use ran"])
  }

  @Test func pinningKeepsTheResultThatThereIs() async throws {
    let notebook = try TemporaryNotebook(Self.source.replacingOccurrences(of: "//| pinned: true\n", with: ""))
    #expect(try await notebook.states() == ["measure ran", "use ran"])
    try notebook.write(Self.source)
    #expect(try await notebook.states() == ["measure fresh", "use fresh"])
    let outcome = try await notebook.run()
    #expect(outcome.cells["measure"]?.result?.key.parts.contains(where: \.kind.isTool) == false)
  }

  @Test func takenAsGivenItIsNeverRun() async throws {
    let notebook = try TemporaryNotebook(Self.source)
    var options = NotebookRun.Options()
    options.takesPinnedAsGiven = true
    let outcome = try await notebook.run(options)
    #expect(outcome.cells.mapValues(\.state) == ["measure": .left, "use": .blocked])
  }
}
