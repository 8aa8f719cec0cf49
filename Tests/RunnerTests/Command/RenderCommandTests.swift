import Foundation
import TestSupport
import Testing

@testable import Runner

@Suite struct RenderCommandTests {
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
