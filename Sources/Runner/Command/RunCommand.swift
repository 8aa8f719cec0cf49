import ArgumentParser
import Dispatch
import Engine
import Foundation
import Paper

/// `labbook run`: runs the stale cells in order and writes the report.
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Runs a notebook's stale cells in order and writes its report.")

  @OptionGroup var source: NotebookArgument

  @Option(help: ArgumentHelp("Run only this cell and the cells that it needs.", valueName: "name"))
  var cell: String?

  @Flag(
    help: "Run every cell, whatever is stored, except pinned ones; with --cell, that cell alone, pinned or not.")
  var fresh = false

  @Flag(help: "Continue with the cells that don't need a failed one.")
  var keepGoing = false

  @Option(help: ArgumentHelp("The greatest number of cells that run side by side.", valueName: "n"))
  var jobs = 1

  @Option(help: ArgumentHelp("The time limit of cells without their own timeout: 90s, 30m, 2h.", valueName: "time"))
  var timeout: String?

  @OptionGroup var sandbox: SandboxArgument

  @Flag(help: "Print one JSON object a cell on standard output.")
  var json = false

  func validate() throws {
    if jobs < 1 { throw ValidationError("--jobs must be 1 or more") }
    if !sandbox.allow.isEmpty, !sandbox.sandbox { throw ValidationError("--allow is for --sandbox") }
    if let timeout, CellOptions.seconds(timeout) == nil {
      throw ValidationError("--timeout must be a time such as 90s, 30m or 2h")
    }
  }

  func run() async throws {
    try await reportingErrors {
      let receipt = ReceiptWriter(arguments: Array(CommandLine.arguments.dropFirst()))
      // The compiler is looked up while the notebook is read.
      async let compiler = source.compiler(sandboxed: sandbox.sandbox)
      let notebook = try source.read()
      if sandbox.sandbox { try sandbox.requireConsent(to: notebook) }
      FontPreparation.begin(language: notebook.frontMatter.language)
      if let cell { try notebook.requireCell(cell) }
      try ReportClaim.prepare(for: notebook)
      let options = NotebookRun.Options(
        fresh: fresh, cell: cell, keepGoing: keepGoing, jobs: jobs, timeout: timeout.flatMap(CellOptions.seconds))
      let run = try await NotebookRun(notebook, compiler: compiler, toRun: options)
      printDiagnostics(notebook.warnings + run.checked.warnings)
      if let cell {
        // Cells that were not asked for by name are announced before they run.
        for line in run.plan(only: cell).announcements(asked: cell) {
          StandardStreams.printError(line + "\n")
        }
      }
      let display = ProgressDisplay(cells: notebook.cells.map(\.name), json: json)

      let start = Date()
      let outcome = try await Interruption.cancelling {
        try await run.run(options, observe: display.observe)
      }
      let lock = run.lock(outcome)
      let report = run.report(outcome, lock: lock)
      let written = try ReportFiles.write(report, for: notebook)
      printDiagnostics(written.warnings)

      let status = status(outcome, notebook)
      await run.remember(outcome, lock: lock, start: start, exit: status)
      printNotices(run.store)
      if fresh, cell == nil {
        for pinned in run.evaluatedCells where pinned.options.pinned {
          guard let record = outcome.cells[pinned.name], record.state == .fresh, let result = record.result else {
            continue
          }
          let line =
            "\(pinned.name) is pinned and keeps its result of \(result.origin.date); "
            + "labbook run \(notebook.file) --fresh --cell \(pinned.name) runs it again"
          FileHandle.standardError.write(Data((line + "\n").utf8))
        }
      }
      let last = json ? "{\"report\":\(written.page.jsonLiteral),\"exit\":\(status.rawValue)}" : written.page
      print(last)
      let isSilent =
        (notebook.warnings + run.checked.warnings + written.warnings).isEmpty && run.store.notices.all.isEmpty
      // A receipt lists single files, so it would not notice a new file in a folder or matching a pattern.
      let dependsOnFiles = notebook.cells.allSatisfy {
        DependedFiles.areFiles($0.options.depends, in: notebook.folder)
      }
      if status == .success, !fresh, cell == nil, isSilent, dependsOnFiles {
        receipt.keep(run, outcome, written, parameters: source.params, json: json, last: last)
      }
      if status != .success { throw status.code }
    }
  }

  private func status(_ outcome: NotebookRun.Outcome, _ notebook: Notebook) -> ExitStatus {
    if outcome.isInterrupted { return .interrupted }
    var status = ExitStatus.success
    for (name, cell) in outcome.cells where !(notebook[cell: name]?.options.error ?? false) {
      if cell.isTimeout { return .timedOut }
      if cell.state == .failed { status = .cellFailed }
    }
    if outcome.isTextTimedOut { return .timedOut }
    for case .failed in outcome.expressions.values { status = .cellFailed }
    return status
  }
}

/// Ctrl-C or a request to terminate: the first one ends the running cells, and the report is still written; the
/// second one ends the command at once.
enum Interruption {
  static func cancelling<Result: Sendable>(
    _ work: @escaping @Sendable () async throws -> Result
  ) async throws -> Result {
    let task = Task { try await work() }
    // A closing terminal sends SIGHUP and a system shutdown sends SIGTERM.
    let sources = [SIGINT, SIGTERM, SIGHUP].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        if task.isCancelled { _exit(ExitStatus.interrupted.rawValue) }
        task.cancel()
      }
      source.resume()
      return source
    }
    defer { for source in sources { source.cancel() } }
    return try await task.value
  }
}
