import Engine
import Foundation
import Paper

/// Runs a notebook's stale cells and writes its report: the work of `labbook run` without its arguments.
struct RunWorkflow: Sendable {
  var notebook: Notebook
  var options = NotebookRun.Options()
  /// Whether each settled cell and the result are JSON objects.
  var printsJSON = false
  var messages = Messages.printed
  /// Keeps the receipt of a run after which everything is up to date; nil keeps none.
  var receipt: ReceiptWriter?

  /// - Parameter compiler: Returns the compiler of the notebook's cells, which may have to be looked up first.
  func run(compiler: @Sendable () async throws -> NotebookCompiler) async throws -> ExitStatus {
    FontPreparation.begin(language: notebook.frontMatter.language)
    if let cell = options.cell { try notebook.requireCell(cell) }
    try ReportClaim.prepare(for: notebook)
    let run = try await NotebookRun(notebook, compiler: compiler(), toRun: options)
    let warnings = notebook.warnings + run.checked.warnings
    messages.diagnostics(warnings)
    if let cell = options.cell {
      // Cells that weren't requested by name are announced before they run.
      run.plan(only: cell).announcements(asked: cell).forEach(messages.remark)
    }
    let display = ProgressDisplay(cells: notebook.cells.map(\.name), json: printsJSON)
    let start = Date()
    let options = options
    let outcome = try await Interruption.cancelling(leavingOnHangup: options.executor is ClusterExecutor) {
      try await run.run(options, observe: display.observe)
    }
    let lock = run.lock(outcome)
    let report = run.report(outcome, lock: lock)
    let written = try ReportFiles.write(report, for: notebook)
    messages.diagnostics(written.warnings)
    let status = ExitStatus(of: outcome, in: notebook)
    await run.remember(outcome, lock: lock, start: start, exit: status)
    let notices = run.store.notices.all
    messages.diagnostics(notices.map { .warning($0) })
    if options.fresh, options.cell == nil { run.keptPins(outcome).forEach(messages.remark) }
    if let remark = ReportContents(of: report, lock).remark(in: run.store, page: written.page) {
      messages.remark(remark)
    }
    let last =
      printsJSON ? "{\"report\":\(written.page.jsonLiteral),\"exit\":\(status.rawValue)}" : written.page
    messages.result(last)
    // A receipt lists single files, so it would not notice a new file in a folder or matching a pattern.
    let dependsOnFiles = notebook.cells.allSatisfy {
      DependedFiles.areFiles($0.options.depends, in: notebook.folder)
    }
    let isSilent = (warnings + written.warnings).isEmpty && notices.isEmpty
    if status == .success, !options.fresh, options.cell == nil, isSilent, dependsOnFiles {
      receipt?.keep(run, outcome, written, json: printsJSON, last: last)
    }
    return status
  }
}

/// Writes a notebook's report from stored results: the work of `labbook render` without its arguments, and the last
/// step of `labbook verify`.
struct RenderWorkflow: Sendable {
  var notebook: Notebook
  var messages = Messages.printed

  /// - Parameter compiler: The compiler that checks the notebook; nil for the user's own.
  func run(compiler: NotebookCompiler? = nil) async throws -> ExitStatus {
    try ReportClaim.prepare(for: notebook)
    FontPreparation.begin(language: notebook.frontMatter.language)
    let run: NotebookRun
    if let compiler {
      run = try await NotebookRun(notebook, compiler: compiler)
    } else {
      run = try await NotebookRun(notebook, store: Store(beside: notebook.folder))
    }
    messages.diagnostics(notebook.warnings + run.checked.warnings)
    let outcome = try await run.run(NotebookRun.Options(onlyStored: true)) { _ in }
    let written = try ReportFiles.write(run.report(outcome), for: notebook)
    messages.diagnostics(written.warnings + run.store.notices.all.map { .warning($0) })
    let missing = run.missing(outcome)
    missing.forEach(messages.remark)
    messages.result(written.page)
    return missing.isEmpty ? .success : .different
  }
}

extension ExitStatus {
  /// The exit status of a run: an interruption takes precedence over a time limit, and this over a failed cell.
  init(of outcome: NotebookRun.Outcome, in notebook: Notebook) {
    let unexpected = outcome.cells.filter { !(notebook[cell: $0.key]?.options.error ?? false) }.values
    let hasFailedText = outcome.expressions.values.contains { if case .failed = $0 { true } else { false } }
    if outcome.isInterrupted {
      self = .interrupted
    } else if outcome.isTextTimedOut || unexpected.contains(where: \.isTimeout) {
      self = .timedOut
    } else {
      self = hasFailedText || unexpected.contains { $0.state == .failed } ? .cellFailed : .success
    }
  }
}

extension NotebookRun {
  /// One line for each pinned cell that kept its result although all cells were to run again.
  fileprivate func keptPins(_ outcome: Outcome) -> [String] {
    evaluatedCells.filter(\.options.pinned).compactMap { cell in
      guard let record = outcome.cells[cell.name], record.state == .fresh, let result = record.result else {
        return nil
      }
      return "\(cell.name) is pinned and keeps its result of \(result.origin.date); "
        + "labbook run \(notebook.file) --fresh --cell \(cell.name) runs it again"
    }
  }

  /// The parts of a report that aren't the notebook's results, with a line for each kind.
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
