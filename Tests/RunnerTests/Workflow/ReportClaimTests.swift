import Foundation
import TestSupport
import Testing

@testable import Engine
@testable import Report
@testable import Runner

@Suite struct ReportClaimTests {
  private static let plain = "---\nformats: []\n---\n\nText.\n"

  @discardableResult private func write(_ file: URL) throws -> [String] {
    let notebook = try Notebook(reading: file.path)
    let report = Report(
      frontMatter: notebook.frontMatter, document: notebook.document, cells: [:], expressions: [:], provenance: [],
      seconds: 0)
    return try ReportFiles.write(report, for: notebook).warnings.map { $0.text() }
  }

  @Test func onlyWhatLabbookWroteGoes() throws {
    let notebook = try TemporaryNotebook("---\nformats: [gfm]\n---\n\nText.\n")
    let folder = notebook.folder.appendingPathComponent("reports/n")
    try write(notebook.file)
    try notebook.write("mine", to: "reports/n/page-1.png")
    try notebook.write("mine", to: "reports/n/notes.txt")
    try notebook.write(Self.plain)
    try write(notebook.file)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == [
        "index.html", "notes.txt", "page-1.png", "report.json",
      ])
  }

  @Test(arguments: ["", ".", "..", "../n", "../../n.md"]) func aSummaryNamesNoFolder(name: String) throws {
    let notebook = try TemporaryNotebook(Self.plain)
    try write(notebook.file)
    try notebook.write("mine", to: "reports/n/notes.txt")
    let file = notebook.folder.appendingPathComponent("reports/n/report.json")
    let data = try Data(contentsOf: file)
    var summary = try #require(ReportSummary(json: data))
    summary.written = [name, "index.html", "report.json"]
    try summary.json.write(to: file)
    try write(notebook.file)
    #expect(try notebook.text("reports/n/notes.txt") == "mine")
    #expect(FileManager.default.fileExists(atPath: notebook.file.path))
  }

  @Test func whatLabbookDidNotWriteIsNotOverwritten() throws {
    let notebook = try TemporaryNotebook(Self.plain)
    try FileManager.default.createDirectory(
      at: notebook.folder.appendingPathComponent("reports/n"), withIntermediateDirectories: true)
    try notebook.write("<p>mine</p>", to: "reports/n/index.html")
    try notebook.write("<p>mine</p>", to: "reports/index.html")
    let error = #expect(throws: NotebookError.self) {
      try ReportClaim.prepare(for: Notebook(reading: notebook.file.path))
    }
    #expect(error?.diagnostics[0].message.hasSuffix("reports/n/index.html, which Labbook did not write") == true)
    try FileManager.default.removeItem(at: notebook.folder.appendingPathComponent("reports/n/index.html"))
    #expect(try write(notebook.file).count == 1)
    let kept = try String(contentsOf: notebook.folder.appendingPathComponent("reports/index.html"), encoding: .utf8)
    #expect(kept == "<p>mine</p>")
  }

  @Test func twoNotebooksNeverShareAReport() throws {
    let notebook = try TemporaryNotebook(Self.plain)
    try write(notebook.file)
    let other = notebook.folder.appendingPathComponent("b")
    try FileManager.default.createDirectory(at: other, withIntermediateDirectories: true)
    try notebook.write(Self.plain, to: "b/n.md")
    let error = #expect(throws: NotebookError.self) { try write(other.appendingPathComponent("n.md")) }
    #expect(error?.diagnostics[0].message.contains("is the report of") == true)
    // If a notebook is moved, its report moves with it.
    try FileManager.default.removeItem(at: notebook.file)
    try write(other.appendingPathComponent("n.md"))
  }

  @Test func picturesHaveNamesOfTheirOwn() {
    var names = FileNameRegistry()
    let found = ["report", "page-1", "plot", "Plot", "plot", "index"].map { names.add($0, ending: "png") }
    #expect(found == ["fig-report.png", "fig-page-1.png", "plot.png", "Plot-2.png", "plot-3.png", "index.png"])
    #expect(Set(found.map { $0.lowercased() }).count == found.count)
  }
}
