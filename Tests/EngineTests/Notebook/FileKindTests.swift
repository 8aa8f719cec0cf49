import Foundation
import TestSupport
import Testing

@testable import Engine

/// Files that aren't notebooks are told by their first bytes, their names, or the summary of the report beside them.
@Suite struct FileKindTests {
  @Test(arguments: [
    ("<!DOCTYPE html>", "n.md", "an HTML page"), ("\n<html>", "n", "an HTML page"), ("%PDF-1.7", "n.md", "a PDF file"),
    ("PK\u{3}\u{4}", "n.docx", "an archive or an Office file"), ("{\"cells\": []}", "n.ipynb", "a Jupyter file"),
    ("print(1)", "n.swift", "Swift source"), ("x,y", "n.CSV", "a table"), ("a: 1", "n.yml", "a YAML file"),
    ("# Title", "n.md", nil), ("", "n.md", nil), ("\u{FEFF}# Title", "n.markdown", nil), ("Text", "notes", nil),
    ("Text", "n.qmd", nil),
  ])
  func kinds(content: String, name: String, kind: String?) {
    #expect(FileKind(of: Data(content.utf8), at: "/no/such/folder/\(name)")?.name == kind)
  }

  @Test func bytesThatAreNoText() {
    for (bytes, kind) in [
      ([0x89, 0x50, 0x4E, 0x47], "a picture"), ([0x1F, 0x8B, 8], "a compressed file"),
      ([0x7F, 0x45, 0x4C, 0x46], "a program"), ([0xFF, 0xFE, 0x23, 0], "a text in UTF-16"),
    ] as [([UInt8], String)] {
      #expect(FileKind(of: Data(bytes), at: "n.md")?.name == kind)
    }
  }

  @Test func aReportAsMarkdownNamesItsNotebook() throws {
    let notebook = try TemporaryNotebook("Text.\n")
    let reports = notebook.folder.appendingPathComponent("reports").path
    try notebook.write(#"{"notebook": "../n.md", "written": ["report.md"]}"#, to: "reports/report.json")
    let kind = FileKind(of: Data("# Title".utf8), at: "\(reports)/report.md")
    #expect(kind?.name == "a report that Labbook wrote")
    #expect(kind?.remedy.hasPrefix("Its notebook is ") == true && kind?.remedy.hasSuffix("/n.md.") == true)
    // What Labbook didn't write may be a notebook, also beside a report.
    #expect(FileKind(of: Data("# Title".utf8), at: "\(reports)/mine.md") == nil)
    try FileManager.default.removeItem(at: notebook.file)
    #expect(FileKind(of: Data("# Title".utf8), at: "\(reports)/report.md")?.remedy.contains("HTML page") == true)
  }
}
