import ArgumentParser
import Engine
import Foundation
import Paper

/// `labbook render`: writes the report from stored results.
struct RenderCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render", abstract: "Writes the report from stored results and runs no cell.",
    discussion: """
      Results of an earlier version of a cell or of its inputs are shown and marked as stale; a cell without a \
      result is marked as not run. Exit code 3 says that there are such cells.
      """)

  @OptionGroup var source: NotebookArgument

  func run() async throws {
    try await reportingErrors {
      let notebook = try source.read()
      try ReportClaim.prepare(for: notebook)
      FontPreparation.begin(language: notebook.frontMatter.language)
      let run = try await NotebookRun(notebook, store: Store(beside: notebook.folder))
      printDiagnostics(notebook.warnings + run.checked.warnings)
      let outcome = try await run.run(NotebookRun.Options(onlyStored: true)) { _ in }
      let written = try ReportFiles.write(run.report(outcome), for: notebook)
      printDiagnostics(written.warnings)
      printNotices(run.store)
      let missing = run.missing(outcome)
      for line in missing { StandardStreams.printError("\(line)\n") }
      print(written.page)
      if !missing.isEmpty { throw ExitStatus.different.code }
    }
  }
}

extension NotebookRun {
  /// The parts of a report that have no current result, one line for each kind.
  fileprivate func missing(_ outcome: Outcome) -> [String] {
    var names: [String: [String]] = [:]
    for cell in evaluatedCells {
      switch outcome.cells[cell.name]?.state ?? .left {
      case .fresh, .ran: break
      case .failed where cell.options.error: break
      case .stale: names["stale", default: []].append(cell.name)
      case .failed, .blocked, .left: names["not run", default: []].append(cell.name)
      }
    }
    let texts = outcome.expressions.values.filter { if case .value = $0 { false } else { true } }
    if !texts.isEmpty { names["not run", default: []].append("\(texts.count) in the text") }
    return names.sorted { $0.key > $1.key }.map { "\($0.key): \($0.value.joined(separator: ", "))" }
  }
}
