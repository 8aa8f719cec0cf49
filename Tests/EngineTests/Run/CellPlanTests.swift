import Foundation
import TestSupport
import Testing

@testable import Engine

@Suite struct CellPlanTests {
  private func plan(_ notebook: TemporaryNotebook, only: String? = nil) async throws -> CellPlan {
    let parsed = try Notebook(reading: notebook.file.path)
    return try await NotebookRun(parsed, store: Store(beside: notebook.folder)).plan(only: only)
  }

  /// The plan's lines without the times.
  private func lines(_ plan: CellPlan) -> [String] {
    plan.items.map { item in
      let state =
        switch item.state {
        case .fresh: "fresh"
        case .stale(let change): change.summary
        case .depends(let cells): "depends on \(cells.joined(separator: ", "))"
        }
      return "\(item.cell): \(state)"
    }
  }

  @Test func plansSayWhatWouldRunAndWhy() async throws {
    let notebook = try TemporaryNotebook(NotebookRunTests.chain)
    #expect(try await lines(plan(notebook)).allSatisfy { $0.hasSuffix("never run") })
    _ = try await notebook.run()
    let table: [(old: String, new: String, lines: [String])] = [
      ("params:", "params:", ["数据: fresh", "sum: fresh", "parity: fresh", "show: fresh", "alone: fresh"]),
      (
        "width: 3", "width: 4",
        [
          "数据: the parameter `width` changed", "sum: depends on 数据", "parity: depends on sum",
          "show: depends on parity", "alone: fresh",
        ]
      ),
      (
        "n * 2", "n + n",
        [
          "数据: its code changed", "sum: depends on 数据", "parity: depends on sum", "show: depends on parity",
          "alone: `double` changed",
        ]
      ),
      (
        "total % 2", "total % 3",
        ["数据: fresh", "sum: fresh", "parity: its code changed", "show: depends on parity", "alone: fresh"]
      ),
      (
        "params:", "seed: 9\nparams:",
        ["数据", "sum", "parity", "show", "alone"].map { "\($0): the seed changed" }
      ),
    ]
    for row in table {
      try notebook.edit(row.old, row.new)
      #expect(try await lines(plan(notebook)) == row.lines)
      try notebook.write(NotebookRunTests.chain)
    }
    try notebook.edit("width: 3", "width: 4")
    #expect(
      try await lines(plan(notebook, only: "sum")) == ["数据: the parameter `width` changed", "sum: depends on 数据"])
  }

  @Test func whyShowsOldAndNew() async throws {
    let notebook = try TemporaryNotebook(NotebookRunTests.chain)
    _ = try await notebook.run()
    try notebook.edit("width: 3", "width: 4")
    try notebook.edit("struct Point: Codable { var x: Int }", "struct Point: Codable { var x: Int; var y = 0 }")
    let item = try #require(try await plan(notebook).items.first)
    #expect(
      item.explanation == """
        数据 runs: its code changed, the parameter `width` changed.
          code:
            - struct Point: Codable { var x: Int }
            + struct Point: Codable { var x: Int; var y = 0 }
          parameter width: Int 3 -> Int 4
        """)
  }

  @Test func aChangedFileIsNamed() async throws {
    let notebook = try TemporaryNotebook(
      "```swift {#a}\n#if canImport(NoSuchModule)\nimport NoSuchModule\n#endif\n"
        + "let text = try FileAccess.read(\"d.txt\").count\n```\n\n`{swift} text`\n")
    try notebook.write("one", to: "d.txt")
    _ = try await notebook.run()
    #expect(try await lines(plan(notebook)) == ["a: fresh"])
    try notebook.edit("{swift} text", "{swift} text + 1")
    #expect(try await lines(plan(notebook)) == ["a: fresh", "text: its values are not stored"])
    try notebook.write("two", to: "d.txt")
    #expect(try await lines(plan(notebook)) == ["a: d.txt changed"])
  }
}
