import Foundation
import TestSupport
import Testing

@testable import Engine
@testable import Report

@Suite struct LinkedFileTests {
  @Test func linksLeadToWhereTheyLedFromTheNotebook() throws {
    let notebook = try TemporaryNotebook("x")
    try notebook.write("```swift {#a}\nlet x = 1\n```\n", to: "second.md")
    try notebook.write("Read me.\n", to: "README.md")
    try notebook.write("a\n", to: "data 1.csv")
    let report = notebook.folder.appendingPathComponent("reports/n")
    func file(_ link: String) -> LinkedFile? { LinkedFile(link, notebook: notebook.folder, report: report) }
    #expect(file("second.md#results")?.page == "../second/index.html#results")
    #expect(file("second.md#results")?.markdown == "../../second.md#results")
    #expect(file("README.md")?.page == "../../README.md")
    #expect(file("data%201.csv")?.page == "../../data%201.csv")
    #expect(file("nope.md")?.exists == false)
    // A notebook without cells has a report once it was run.
    let own = notebook.folder.appendingPathComponent("reports/README")
    try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
    for name in ["index.html", "report.md"] { try notebook.write("", to: "reports/README/\(name)") }
    #expect(file("README.md#use")?.page == "../README/index.html#use")
    #expect(file("README.md#use")?.markdown == "../README/report.md#use")
    for link in ["https://a.b/c", "#results", "/etc/hosts", "mailto:a@b.c", "//a.b/c"] { #expect(file(link) == nil) }
  }

  @Test func linksToPartsOfTheNotebookItselfLeadToThoseOfTheReport() throws {
    let notebook = try TemporaryNotebook(
      """
      ---
      title: Results
      formats: [gfm]
      ---

      # Results

      To [a](n.md#results), [b](./n.md#results), [c](#results) and [d](n.md#reslts).
      """)
    let ending = try notebook.labbook("run", "n.md")
    #expect(ending.errors.contains("nothing in the report is named “reslts”"))
    let page = try notebook.text("reports/n/index.html")
    for name in ["a", "b", "c"] { #expect(page.contains("<a href=\"#results\">\(name)</a>")) }
    // On GitHub the title has the first of the names.
    let markdown = try notebook.text("reports/n/report.md")
    #expect(markdown.contains("To [a](#results-1), [b](#results-1), [c](#results-1) and d."))
  }
}
