import Basics
import Core
import Dispatch
import Engine
import Foundation
import Paper
import Plot
import Report
import Synchronization

/// A report in all its formats, in memory.
struct RenderedReport: Sendable {
  private(set) var files: [PictureFile] = []
  /// The warnings of all formats, each only once.
  private(set) var warnings: [InputError] = []

  /// Renders all formats and all charts' pictures in parallel on all processors.
  /// - Parameter formats: The formats besides the page and the charts' pictures.
  init(_ report: Report, formats: Set<ReportFormat>, readFile: ReportContent.FileReader? = nil) {
    let content = ReportContent(report, readFile: readFile)
    let paper = report.frontMatter.paper
    // The longest work starts first, so that no processor is idle at the end.
    var work: [Work] = []
    if formats.contains(.png) {
      work.append(Work("report.png") { try Self.pictures(ImageReport.tall(of: content), named: "report") })
    }
    // Most of the page is text and needs no fonts, so it is written while the text of the picture is set.
    let page = work.count
    work.append(
      Work("index.html") {
        let (html, warnings) = HTMLReport.page(of: content)
        return ([PictureFile(name: "index.html", data: Data(html.utf8))], warnings)
      })
    if formats.contains(.pages) {
      work.append(
        Work("the pictures of pages") {
          try Self.pictures(ImageReport.pages(of: content, paper: paper), named: "page")
        })
    }
    if formats.contains(.pdf) {
      work.append(
        Work("report.pdf") {
          let (data, warnings) = try PDFReport.file(of: content, paper: paper)
          return ([PictureFile(name: "report.pdf", data: data)], warnings)
        })
    }
    if formats.contains(.gfm) {
      work.append(
        Work("report.md") {
          let (text, pictures, warnings) = GFMReport.text(of: content)
          return ([PictureFile(name: "report.md", data: Data(text.utf8))] + pictures, warnings)
        })
    }
    work += ChartPicture.all(of: report, numbering: content.numbering).map { chart in
      Work("\(chart.name).png") { ([PictureFile(name: "\(chart.name).png", data: try chart.png(scale: 2))], []) }
    }
    let results = Self.run(work)
    warnings = report.warnings
    // The files and warnings of the page come first, then the others in order.
    for index in [page] + work.indices.filter({ $0 != page }) {
      switch results[index] {
      case .success(let (files, warnings)):
        self.files += files
        for warning in warnings where !self.warnings.contains(warning) { self.warnings.append(warning) }
      case .failure(let error):
        let (cause, remedy) = (error as? DrawingError).map { ($0.cause, $0.remedy) } ?? (String(describing: error), nil)
        let warning = InputError("\(work[index].name) can't be drawn: \(cause)", at: nil, remedy: remedy)
        // The page has already warned at the chart's place if a chart can't be drawn.
        if !self.warnings.contains(where: { $0.cause.hasSuffix(cause) }) { warnings.append(warning) }
      }
    }
    let others = ReportFormat.allCases.filter { $0 != .html }.flatMap(\.fileNames)
    let summary = ReportSummary(
      content, files: others.filter { name in files.contains { $0.name == name } },
      written: files.map(\.name))
    files.append(PictureFile(name: ReportSummary.fileName, data: summary.json))
  }

  private typealias Output = (files: [PictureFile], warnings: [InputError])

  private struct Work: Sendable {
    var name: String
    var render: @Sendable () throws -> Output

    init(_ name: String, _ render: @escaping @Sendable () throws -> Output) {
      (self.name, self.render) = (name, render)
    }
  }

  private static func run(_ work: [Work]) -> [Result<Output, any Error>] {
    let results = Mutex<[Int: Result<Output, any Error>]>([:])
    let register = FileRegister.current
    DispatchQueue.concurrentPerform(iterations: work.count) { index in
      let result = FileRegister.$current.withValue(register) { Result { try work[index].render() } }
      results.withLock { $0[index] = result }
    }
    return results.withLock { results in
      work.indices.map { results[$0] ?? .failure(DrawingError("it was not drawn")) }
    }
  }

  /// The pictures `report.png`, or `report-1.png`, `report-2.png` and so on. Pages are numbered from 1.
  private static func pictures(_ drawn: (files: [Data], warnings: [InputError]), named name: String) throws -> Output {
    let files = drawn.files.enumerated().map { number, data in
      PictureFile(name: number == 0 && name == "report" ? "\(name).png" : "\(name)-\(number + 1).png", data: data)
    }
    return (files, drawn.warnings)
  }
}
