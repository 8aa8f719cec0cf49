import Core
import Foundation
@_spi(Drawing) import Plot
import TestSupport
import Testing

@testable import Paper
@testable import Report

/// Compares pages as pixels with the picture in `Snapshots`. `LABBOOK_RECORD=1` makes the picture anew; look at it
/// before you commit it.
@Suite struct ImageReportTests {
  private static let sample = SampleReport(
    language: "zh-Hans", title: "周报",
    markdown: """
      学习率 $\\eta=10^{-3}$ 时误差最小，**重点：**见[](#tbl-t)。The *mean* gap is `0.27 ms`.

      $$\\text{误差比} = \\frac{1}{n}\\sum_{i=1}^{n} \\left|\\frac{p_i - y_i}{y_i}\\right|$$

      - [x] 完成
      - [ ] 未完成

      > 引文

      ```swift {#t}
      ```
      """,
    cells: ["t": SampleReport.cell("t", [.table(SampleReport.table), .printed("50 epochs")])])

  @Test func looksAsRecorded() throws {
    let content = ReportContent(Self.sample.report)
    let flow = try PaperReport.flow(of: content, style: .image).flow
    let page = try #require(PageBreaker.pages(of: flow, style: .image).first)
    let drawn = try ImageReport.picture(of: page, style: .image, language: "zh-Hans", scale: 1)
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Snapshots/page-zh.png")
    if ProcessInfo.processInfo.environment["LABBOOK_RECORD"] == "1" { return try drawn.write(to: file) }
    // Formulas are drawn from blahtexml's MathML.
    guard content.formulas.warnings.isEmpty else { return }
    let difference = try Self.largestTileDifference(drawn, try Data(contentsOf: file))
    #expect(difference < 6, "the page looks different by \(difference)")
  }

  @Test(arguments: [1, 90, 250]) func bandsMakeTheSamePicture(height: Int) throws {
    let content = ReportContent(SampleReport.week.report)
    let flow = try PaperReport.flow(of: content, style: .image).flow
    let page = try #require(PageBreaker.pages(of: flow, style: .image).first)
    func picture(_ bandHeight: Int) throws -> Data {
      try ImageReport.picture(of: page, style: .image, language: "zh-Hans", scale: 2, bandHeight: bandHeight)
    }
    #expect(try picture(height) == picture(.max))
  }

  /// The largest mean colour difference of tiles of 30 pixels, 0 to 255; 255 for pictures of different size.
  static func largestTileDifference(_ first: Data, _ second: Data) throws -> Double {
    let a = try #require(PixelReader.pixels(first, greatestWidth: 4_000))
    let b = try #require(PixelReader.pixels(second, greatestWidth: 4_000))
    guard a.width == b.width, abs(a.height - b.height) <= 2 else { return 255 }
    var largest = 0.0
    let tile = 30
    for top in stride(from: 0, to: min(a.height, b.height) - tile, by: tile) {
      for left in stride(from: 0, to: a.width - tile, by: tile) {
        var sum = 0
        for y in top..<(top + tile) {
          for x in left..<(left + tile) {
            sum += Int(a.bytes[y * a.stride + x * a.channels]) - Int(b.bytes[y * b.stride + x * b.channels])
          }
        }
        largest = max(largest, abs(Double(sum)) / Double(tile * tile))
      }
    }
    return largest
  }

  @Test func tallPictureHasTheReportsWidth() throws {
    let (files, _) = try ImageReport.tall(of: ReportContent(Self.sample.report))
    let picture = try #require(files.first.flatMap { PixelReader.pixels($0, greatestWidth: 4_000) })
    #expect(files.count == 1)
    #expect(picture.width == Int(PageStyle.image.width * ImageReport.scale))
    #expect(picture.bytes[0...2].allSatisfy { $0 == 255 })
  }

  @Test func aPictureOfEveryPage() throws {
    let (files, _) = try ImageReport.pages(of: ReportContent(Self.sample.report), paper: .letter)
    let picture = try #require(files.first.flatMap { PixelReader.pixels($0, greatestWidth: 4_000) })
    #expect((picture.width, picture.height) == (1632, 2112))
  }

  @Test func picturesOfTheTextAreDrawn() throws {
    let small = try ChartPicture(
      name: "c", chart: SampleReport.chart, language: "en", place: Place(file: "week.md")
    ).png(scale: 0.25)
    let report = SampleReport(markdown: "![a](p.png \"Caption\")\n\n![b](broken.png)").report
    let broken = Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    let content = ReportContent(report, readFile: { $0 == "p.png" ? small : broken })
    let (flow, warnings) = try PaperReport.flow(of: content, style: .a4)
    let pictures = flow.strips.flatMap(\.marks).compactMap { mark -> (Int, Int)? in
      if case .picture(let picture) = mark.content { (picture.width, picture.height) } else { nil }
    }
    #expect(pictures.count == 1 && pictures.first ?? (0, 0) == (160, 95))
    #expect(warnings.map(\.cause) == ["the picture broken.png can't be drawn in the PDF and the picture of the report"])
  }
}
