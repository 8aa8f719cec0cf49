import Core
import Foundation

extension NotebookRun {
  /// Evaluates the inline expressions whose values are there; the others say what they need.
  package func evaluateProse(
    _ outcomes: [String: CellRecord], _ options: Options, observe: @escaping Observer = { _ in }
  ) async -> ProseOutcome {
    var result = ProseOutcome()
    var ready: [NotebookProse.Item] = []
    for item in prose.items {
      let missing = item.needs.cells.filter { outcomes[$0]?.shown == nil }
      if missing.isEmpty {
        ready.append(item)
      } else {
        result.reports[item.expression.index] = .notRun(needs: notebook.cells.map(\.name).filter(missing.contains))
      }
    }
    // A trap in one expression ends the process; the rest is evaluated without it.
    while !ready.isEmpty, !Task.isCancelled {
      let evaluation = await evaluate(ready, outcomes, options, observe)
      for (index, text) in evaluation.texts { result.reports[Int(index) ?? 0] = .value(text) }
      ready.removeAll { evaluation.texts[String($0.expression.index)] != nil }
      if let damaged = evaluation.damagedValue {
        result.damagedValue = damaged
        return result
      }
      if evaluation.isNotStored {
        for item in ready { result.reports[item.expression.index] = .notRun(needs: []) }
        return result
      }
      guard var failure = evaluation.failure, let first = ready.first else { break }
      // Failed expressions are found by where they stand, whatever stopped them.
      failure.place = notebook.document.place(first.expression.position)
      result.reports[first.expression.index] = .failed(failure)
      result.isTimedOut = result.isTimedOut || evaluation.isTimeout
      observe(
        .settled(
          cell: CheckedNotebook.proseName,
          .failed(failure, outputs: [], seconds: evaluation.seconds, isTimeout: evaluation.isTimeout)))
      ready.removeFirst()
    }
    return result
  }

  private struct Evaluation {
    /// By index, as results keep them.
    var texts: [String: String] = [:]
    var failure: CellFailure?
    var isTimeout = false
    var seconds = 0.0
    var damagedValue: String?
    /// Nothing is stored, and nothing was to be run.
    var isNotStored = false
  }

  private func evaluate(
    _ items: [NotebookProse.Item], _ outcomes: [String: CellRecord], _ options: Options, _ observe: @escaping Observer
  ) async -> Evaluation {
    let unit = checked.unit(of: items)
    if !options.redoes(unit.name, isPinned: false), let inputs = try? checked.inputs(unit.needs, outcomes),
      let key = try? checked.key(of: unit, inputs: Array(inputs.values)),
      let result = checked.stored(key, of: unit.name, isPinned: false, in: store)
    {
      return Evaluation(texts: result.expressions)
    }
    if options.onlyStored { return Evaluation(isNotStored: true) }
    let execution = await execute(unit, outcomes, options, observe: observe)
    var evaluation = Evaluation(texts: execution.texts)
    switch execution.ending {
    case .damaged(let value):
      evaluation.damagedValue = value
      observe(.settled(cell: unit.name, .left))
    case .settled(let record):
      evaluation.failure = record.failure
      evaluation.seconds = record.seconds ?? 0
      evaluation.isTimeout = record.isTimeout
      // Whoever asked tells of a failure, with the expression's own place.
      if record.failure == nil { observe(.settled(cell: unit.name, record)) }
    }
    return evaluation
  }
}

/// What became of the prose.
package struct ProseOutcome: Sendable {
  /// By the expression's index.
  package var reports: [Int: ExpressionReport] = [:]
  /// A value that it takes in is damaged in the store; whoever gave it must run again.
  package var damagedValue: String?
  /// An expression ran longer than the run's limit.
  package var isTimedOut = false
}
