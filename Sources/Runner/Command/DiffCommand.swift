import ArgumentParser
import Engine
import Foundation
import Proof
import Report
import Wire

/// `labbook diff`: compares two reports or runs.
struct DiffCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Compares two reports or runs: figures, changed parameters, curves.",
    discussion: """
      Each is a report (a path that ends in .html), a run by its number in the history, or a notebook, which stands \
      for its newest run: NOTEBOOK@-1 is the run before, NOTEBOOK@17 the run with that number.
      """)

  @Argument(help: "The older one.")
  var old: String

  @Argument(help: "The newer one.")
  var new: String

  @Flag(name: .customLong("md"), help: "Print GitHub's Markdown.")
  var markdown = false

  @Flag(help: "Print one JSON object.")
  var json = false

  @Option(help: ArgumentHelp("Also write a page with tables and charts.", valueName: "file"))
  var html: String?

  @Option(
    help: ArgumentHelp("Also write the charts of both, one over the other: FILE, FILE-2, …", valueName: "file"))
  var png: String?

  func validate() throws {
    if markdown && json { throw ValidationError("--md and --json exclude each other") }
  }

  func run() async throws {
    try await reportingErrors {
      let comparison = RunComparison(try await ComparedRun(old), try await ComparedRun(new))
      print(json ? comparison.json + "\n" : markdown ? comparison.markdown : comparison.text, terminator: "")
      if let html {
        let page = HTMLReport.page(for: comparison.report) { _ in nil }
        try Self.write(Data(page.html.utf8), to: html)
      }
      if let png { try writePictures(of: comparison, to: png) }
    }
  }

  private func writePictures(of comparison: RunComparison, to path: String) throws {
    if comparison.figures.isEmpty {
      throw NotebookError(
        "\(old) and \(new) have no line charts in common",
        remedy: "Charts belong together if they are of the same cell or have the same axes.")
    }
    let pictures = PictureFile.pictures(of: comparison.report)
    printDiagnostics(pictures.warnings.map { .warning($0.cause, remedy: $0.remedy) })
    let url = URL(fileURLWithPath: path)
    for (index, picture) in pictures.files.enumerated() {
      let name = url.deletingPathExtension().lastPathComponent
      let numbered = url.deletingLastPathComponent().appendingPathComponent("\(name)-\(index + 1).\(url.pathExtension)")
      try Self.write(picture.data, to: index == 0 ? path : numbered.path)
    }
  }

  private static func write(_ data: Data, to path: String) throws {
    do {
      try data.writeDurably(to: URL(fileURLWithPath: path), replace: true)
    } catch {
      throw NotebookError("\(path) can't be written: \(error)")
    }
  }
}
