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
    for link in ["https://a.b/c", "#results", "/etc/hosts", "mailto:a@b.c", "//a.b/c"] { #expect(file(link) == nil) }
  }
}
