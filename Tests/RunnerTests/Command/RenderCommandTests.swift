import Foundation
import TestSupport
import Testing

@testable import Runner

@Suite(.waiting) struct RenderCommandTests {
  /// The order of dictionaries and sets differs in each process and must not show.
  @Test func twoProcessesWriteTheSameBytes() throws {
    let notebook = try TemporaryNotebook(
      """
      ---
      formats: [pdf, png, pages, gfm]
      ---

      ```swift {#a}
      //| fig-cap: Losses
      let names = Set((0..<40).map { "name \\($0)" })
      let table = Table(columns: ["a", .number("b", unit: "ms", better: .lower)], rows: [["x", 1.5], ["y", 2.5]])
      show(Chart.lossCurves(["p", "q"].map { LossCurve(label: $0, training: [3, 2, 1], validation: [3, 2.5, 2]) }))
      show(table)
      metric("m", 0.5)
      ```

      See [](#fig-a) and `{swift} names.count`[^1].

      [^1]: A note.
      """)
    func pages() throws -> [String: Data] {
      let folder = notebook.folder.appendingPathComponent("reports/n")
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      return try Dictionary(
        uniqueKeysWithValues: names.map { ($0, try Data(contentsOf: folder.appendingPathComponent($0))) })
    }
    #expect(try notebook.labbook("run", "n.md").code == 0)
    let first = try pages()
    #expect(first.count >= 5)
    for _ in 0..<2 {
      try FileManager.default.removeItem(at: notebook.folder.appendingPathComponent("reports/n"))
      #expect(try notebook.labbook("render", "n.md").code == 0)
      let again = try pages()
      #expect(again.keys.sorted() == first.keys.sorted())
      for (name, data) in again { #expect(data == first[name], "\(name)") }
    }
  }

  @Test func rendersWhatIsStoredAndRunsNothing() throws {
    let notebook = try TemporaryNotebook(
      """
      ```swift {#a}
      let x = 1
      try "ran".write(toFile: "a-\\(UInt32.random(in: 0 ... .max)).mark", atomically: true, encoding: .utf8)
      ```

      ```swift {#b}
      print("b shows \\(x)")
      ```

      There is `{swift} x`.
      """)
    func runs() throws -> Int {
      try FileManager.default.contentsOfDirectory(atPath: notebook.folder.path).count { $0.hasSuffix(".mark") }
    }
    let nothing = try notebook.labbook("render", "n.md")
    #expect(nothing == (output: "reports/n/index.html\n", errors: "not run: a, b, 1 in the text\n", code: 3))
    #expect(try runs() == 0)

    #expect(try notebook.labbook("run", "n.md").code == 0)
    #expect(try runs() == 1)
    try FileManager.default.removeItem(at: notebook.folder.appendingPathComponent("reports/n"))
    let fresh = try notebook.labbook("render", "n.md")
    #expect(fresh == (output: "reports/n/index.html\n", errors: "", code: 0))
    #expect(try notebook.text("reports/n/index.html").contains("b shows 1"))

    try notebook.edit("let x = 1", "let x = 2")
    let stale = try notebook.labbook("render", "n.md")
    #expect(stale == (output: "reports/n/index.html\n", errors: "stale: a, b\n", code: 3))
    #expect(try notebook.text("reports/n/index.html").contains("b shows 1"))
    #expect(try runs() == 1)
  }
}
