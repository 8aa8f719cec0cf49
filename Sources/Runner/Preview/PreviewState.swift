import Engine
import Foundation
import Markup
import Report
import Wire

/// The state of the preview for the newest text of the notebook. The page can be made from it at any time.
struct PreviewState: Sendable {
  enum Phase: Sendable {
    case checking, running, settled
  }

  var notebook: Notebook
  var phase = Phase.checking
  var errors: [Diagnostic] = []
  var warnings: [Diagnostic] = []
  /// The run; nil until the notebook is checked without errors.
  var run: NotebookRun?
  var outcomes: [String: CellRecord] = [:]
  var activities: [CellActivity] = []
  /// The values of expressions from earlier results, shown while cells run.
  var earlyExpressions: [Int: ExpressionReport] = [:]
  /// The outcome of the run; nil until it has ended.
  var outcome: NotebookRun.Outcome?

  init(_ notebook: Notebook) {
    self.notebook = notebook
  }

  /// Updates the state with an event of the run.
  mutating func note(_ event: NotebookRun.Event, at now: ContinuousClock.Instant) {
    switch event {
    case .compiling(let cell):
      activities.append(CellActivity(cell: cell, at: now))
    case .running(let cell):
      guard let index = activities.firstIndex(where: { $0.cell == cell }) else { return }
      activities[index].run(at: now)
    case .cell(let cell, let event):
      guard let index = activities.firstIndex(where: { $0.cell == cell }) else { return }
      activities[index].note(event, at: now)
    case .damaged(_, let cell):
      outcomes[cell] = nil
    case .settled(let cell, let outcome):
      activities.removeAll { $0.cell == cell }
      outcomes[cell] = outcome
    }
  }

  /// The report as far as it can be made. Earlier content is shown where nothing newer is known.
  /// - Parameters:
  ///   - shown: The report of the previous text.
  ///   - store: The store with earlier results, for when nothing was shown yet.
  func report(after shown: Report?, store: Store) -> Report {
    guard let run else { return unrunReport(after: shown, store: store) }
    if let outcome { return run.report(outcome) }
    let latest = store.latest(notebook.name)
    var outcomes = latest.mapValues(CellRecord.stale)
    outcomes.merge(self.outcomes) { _, new in new }
    return run.report(
      NotebookRun.Outcome(cells: outcomes, expressions: expressions(after: shown), isInterrupted: false))
  }

  /// The earlier values of the same expressions. The prose is evaluated when all cells have settled.
  func expressions(after shown: Report?) -> [Int: ExpressionReport] {
    var known: [String: ExpressionReport] = [:]
    for expression in shown?.document.expressions ?? [] {
      if case .value? = shown?.expressions[expression.index] {
        known[expression.source] = shown?.expressions[expression.index]
      }
    }
    return Dictionary(
      notebook.document.expressions.map { expression in
        (expression.index, known[expression.source] ?? earlyExpressions[expression.index] ?? .notRun(needs: []))
      }
    ) { first, _ in first }
  }
}

// MARK: A notebook that is not checked, or not well

extension PreviewState {
  private func unrunReport(after shown: Report?, store: Store) -> Report {
    let before = Dictionary((shown?.cells.values).map(Array.init)?.map { ($0.name, $0) } ?? []) { first, _ in first }
    let latest = store.latest(notebook.name)
    var cells: [Int: CellReport] = [:]
    var isChanged = false
    for block in cellBlocks {
      let parsed = notebook.cells.first { $0.line == block.position.line }
      let name = parsed?.name ?? "cell-\(block.position.line)"
      let options = parsed?.options ?? CellOptions()
      guard options.evaluate else { continue }
      var report = CellReport(
        name: name, source: parsed?.source ?? block.literal, sourceLine: parsed?.sourceLine ?? block.contentLine,
        options: options, state: .left)
      let failure = failure(in: block)
      // The cells below a changed cell may have changed with it.
      isChanged = isChanged || failure != nil || before[name]?.source != report.source
      if let failure {
        report.state = .failed
        report.failure = failure
      } else if let earlier = before[name], !isChanged || earlier.state.hasResult {
        report.outputs = earlier.outputs
        report.seconds = earlier.seconds
        report.state = isChanged ? .stale : earlier.state
        if !isChanged { (report.failure, report.needs) = (earlier.failure, earlier.needs) }
      } else if let result = latest[name] {
        report.outputs = store.outputs(of: result)
        report.seconds = result.seconds
        report.state = .stale
      }
      cells[block.position.line] = report
    }
    return Report(
      frontMatter: notebook.frontMatter, document: notebook.document, cells: cells,
      expressions: expressions(after: shown).merging(expressionFailures) { _, new in new },
      provenance: shown?.provenance ?? [], seconds: cells.values.reduce(0) { $0 + ($1.seconds ?? 0) })
  }

  private var cellBlocks: [CodeBlock] {
    notebook.document.codeBlocks.filter { $0.isFenced && NotebookCell.isCell(info: $0.info) }
  }

  private func failure(in block: CodeBlock) -> CellFailure? {
    let here = errors.filter { Self.isError($0, in: block, of: notebook.file) }
    guard let first = here.first else { return nil }
    let source = notebook.sourceLines
    let details = [first.remedy].compactMap { $0 } + first.notes.map { $0.text(source: source) }
    let others = here.dropFirst().map { $0.text(source: source) }
    return CellFailure(
      message: first.message, place: first.place,
      details: details.isEmpty && others.isEmpty ? nil : (details + others).joined(separator: "\n"))
  }

  private static func isError(_ error: Diagnostic, in block: CodeBlock, of file: String) -> Bool {
    guard let place = error.place, place.file == file, let line = place.line else { return false }
    return block.position.line <= line && line <= block.contentLine + block.contentColumns.count
  }

  /// The errors of inline expressions, by index.
  private var expressionFailures: [Int: ExpressionReport] {
    var failures: [Int: ExpressionReport] = [:]
    for error in errors {
      guard let index = expression(of: error) else { continue }
      failures[index] = .failed(CellFailure(message: error.message, place: error.place, details: error.remedy))
    }
    return failures
  }

  private func expression(of error: Diagnostic) -> Int? {
    guard let place = error.place, place.file == notebook.file else { return nil }
    return notebook.document.expressions.first { expression in
      let columns = expression.position.column...(expression.position.column + expression.source.count)
      return expression.position.line == place.line && columns.contains(place.column ?? 0)
    }?.index
  }

  /// Problems without a place on the page, which are shown at its top.
  var problems: [Diagnostic] {
    errors.filter { error in
      !cellBlocks.contains { Self.isError(error, in: $0, of: notebook.file) } && expression(of: error) == nil
    } + warnings
  }
}
