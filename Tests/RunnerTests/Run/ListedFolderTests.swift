import Foundation
import TestSupport
import Testing

/// A cell that reads all files of a folder is stale when a file is added, removed or renamed.
@Suite struct ListedFolderTests {
  private func notebook() throws -> TemporaryNotebook {
    let notebook = try TemporaryNotebook(
      """
      ```swift {#sizes}
      let names = try FileAccess.list("tables", extensions: ["csv"])
      let sizes = try names.map { try FileAccess.read("tables/\\($0)").count }
      print(names)
      ```
      """)
    try notebook.write("1", to: "tables/a.csv")
    return notebook
  }

  private func remove(_ name: String, of notebook: TemporaryNotebook) throws {
    try FileManager.default.removeItem(at: notebook.folder.appendingPathComponent(name))
  }

  @Test func theNamesOfItsFilesCount() async throws {
    let notebook = try notebook()
    #expect(try await notebook.states() == ["sizes ran"])
    #expect(try await notebook.states() == ["sizes fresh"])
    try notebook.write("another kind", to: "tables/note.txt")
    #expect(try await notebook.states() == ["sizes fresh"])
    try notebook.write("2", to: "tables/more/b.csv")
    #expect(try await notebook.states() == ["sizes ran"])
    #expect(try await notebook.states() == ["sizes fresh"])
    try remove("tables/more/b.csv", of: notebook)
    // The first result is there still.
    #expect(try await notebook.states() == ["sizes fresh"])
    try remove("tables/a.csv", of: notebook)
    #expect(try await notebook.states() == ["sizes ran"])
  }

  /// The runner doesn't search a folder outside, not even after the cell did.
  @Test(arguments: ["", "/", "..", "link"])
  func foldersOutsideAreNotSearched(_ folder: String) async throws {
    let notebook = try TemporaryNotebook(
      """
      ```swift {#a}
      let names = (try? FileAccess.list("\(folder)", extensions: ["absent"])) ?? []
      ```
      """)
    let link = notebook.folder.appendingPathComponent("link").path
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "/usr")
    let outcome = try await notebook.run()
    if folder.isEmpty {
      #expect(outcome.cells["a"]?.state == .ran)
      #expect(outcome.cells["a"]?.result?.files.isEmpty == true)
    } else {
      #expect(outcome.failure("a")?.message.contains("which is not in the notebook's folder") == true)
    }
  }

  @Test func theCommandNoticesThemToo() throws {
    let notebook = try notebook()
    for _ in 0..<2 { #expect(try notebook.labbook("run", "n.md").code == 0) }
    try notebook.write("2", to: "tables/b.csv")
    let plan = try notebook.labbook("plan", "n.md")
    #expect(plan.output.contains("tables/**.csv"), "\(plan.output)")
    #expect(try notebook.labbook("run", "n.md").code == 0)
    let page = try notebook.text("reports/n/index.html")
    #expect(page.contains("a.csv&quot;, &quot;b.csv") || page.contains("\"a.csv\", \"b.csv\""))
    // The report carries the files and not their listing, and can be verified.
    #expect(!page.contains("<dd>tables/**"))
    let verified = try notebook.labbook("verify", "reports/n/index.html", "--trust")
    #expect(verified.code == 0, "\(verified.output)\(verified.errors)")
  }
}
