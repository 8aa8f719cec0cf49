import Core
import Foundation
import Plot
import TestSupport
import Testing

@testable import Engine
@testable import Paper

@Suite struct PDFReportTests {
  private static func tool(_ name: String) -> URL? {
    let path = "/usr/bin/\(name)"
    return FileManager.default.isExecutableFile(atPath: path) ? URL(fileURLWithPath: path) : nil
  }

  /// The output of a Poppler tool for a file; nil if the tool isn't installed.
  private func output(of name: String, _ arguments: [String], _ data: Data) throws -> String? {
    guard let tool = Self.tool(name) else { return nil }
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("labbook-\(UUID().uuidString).pdf")
    defer { try? FileManager.default.removeItem(at: file) }
    try data.write(to: file)
    let process = Process()
    let pipe = Pipe()
    process.executableURL = tool
    process.arguments = arguments.map { $0 == "FILE" ? file.path : $0 }
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try ProcessTree.start(process)
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    ProcessTree.finish(process)
    #expect(process.terminationStatus == 0)
    return text
  }

  @Test func holdsTextTitleAndLinks() throws {
    var report = SampleReport.week.report
    report.frontMatter.author = "作者"
    report.frontMatter.date = "2023-11-16"
    let (data, warnings) = try PDFReport.file(for: report, readFile: { _ in nil })
    #expect(data.starts(with: Data("%PDF-1.".utf8)))
    #expect(warnings.map(\.cause) == ["the picture 图.png can't be read"])
    if let information = try output(of: "pdfinfo", ["FILE"], data) {
      #expect(information.contains(/Title: +第三周/) && information.contains(/Author: +作者/))
      #expect(information.contains(/CreationDate: +Thu Nov 16/))
      #expect(information.contains(/Page size: .*A4/))
    }
    if let text = try output(of: "pdftotext", ["FILE", "-"], data) {
      for part in ["第三周", "2023年11月16日", "0.274 <ms>", "训练", "设置", "0.125", "Index out of range", "脚注"] {
        #expect(text.contains(part), "\(part) is missing")
      }
    }
    if let names = try output(of: "pdfinfo", ["-dests", "FILE"], data) {
      #expect(names.contains("\"p0\""))
    }
  }

  @Test func brokenWordsGetNoHyphen() throws {
    let word = String(repeating: "0123456789abcdef", count: 30)
    let (data, _) = try PDFReport.file(for: SampleReport(markdown: "\(word)\n\n| a |\n| --- |\n| \(word) |").report)
    if let text = try output(of: "pdftotext", ["FILE", "-"], data) {
      #expect(text.contains("0123456789") && !text.contains("-"))
    }
  }

  @Test func linksLeadToAddressesAndPlaces() throws {
    let report = SampleReport(
      markdown: "[out](https://a.b/c_(d)?e='f'&g=汉\\) [in](#there)\n\n# There\n\n[nowhere](javascript:x)"
    ).report
    let (data, _) = try PDFReport.file(for: report)
    if let links = try output(of: "pdfinfo", ["-url", "FILE"], data) {
      #expect(links.contains("https://a.b/c_%28d%29?e=%27f%27&g=%E6%B1%89%5C"))
      #expect(!links.contains("javascript"))
    }
  }

  @Test(arguments: PaperSize.allCases) func anyTextGivesAFile(paper: PaperSize) throws {
    var generator = SeededGenerator(seed: paper == .a4 ? 3 : 4)
    for _ in 0..<40 {
      let count = Int.random(in: 1...40, using: &generator)
      let markdown = (0..<count).map { _ in SampleReport.pieces.randomElement(using: &generator) ?? "" }.joined()
      let (data, _) = try PDFReport.file(for: SampleReport(markdown: markdown).report, paper: paper)
      #expect(data.count > 500, "\(markdown.debugDescription)")
    }
  }

  @Test func chartsThatCanNotBeDrawnSayWhy() throws {
    var chart = SampleReport.chart
    chart.title = .words("\u{10FFFD}")
    let report = SampleReport(
      markdown: "```swift {#c}\n```", cells: ["c": SampleReport.cell("c", [.chart(chart)])]
    ).report
    let (data, _) = try PDFReport.file(for: report)
    if let text = try output(of: "pdftotext", ["FILE", "-"], data) {
      #expect(text.replacing("\n", with: " ").contains("no installed font has"))
    }
  }

  @Test func charactersWithoutAFontAreWarnedOf() throws {
    let (_, warnings) = try PDFReport.file(for: SampleReport(markdown: "a \u{10FFFD} b").report)
    #expect(
      warnings.map(\.description) == [
        """
        no installed font has "\u{10FFFD}" (U+10FFFD), which the PDF and the picture show as boxes
          Install more fonts: apt-get install fonts-noto
        """
      ])
  }
}
