import Core
import Foundation

extension NotebookRun {
  /// Evaluates the inline expressions whose inputs exist. The others report which cells they need.
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
    // A trap in one expression ends the process, so the remaining ones are evaluated without it.
    var isOneByOne = false
    while !ready.isEmpty, !Task.isCancelled {
      let evaluation = await evaluate(isOneByOne ? [ready[0]] : ready, outcomes, options, observe)
      if evaluation.isUnstarted, ready.count > 1, !isOneByOne {
        // If one expression doesn't compile, all are compiled one by one, so that the others are still evaluated.
        isOneByOne = true
        continue
      }
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
      guard var failure = evaluation.failure, let first = ready.first else {
        if isOneByOne, !evaluation.texts.isEmpty { continue }
        break
      }
      // A failed expression is identified by its place, whatever stopped it.
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
    /// The texts by index, in the form of stored results.
    var texts: [String: String] = [:]
    var failure: CellFailure?
    var isTimeout = false
    var isUnstarted = false
    var seconds = 0.0
    var damagedValue: String?
    /// Whether the prose has no stored result and the run did not evaluate it.
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
      evaluation.isUnstarted = execution.isUnstarted
      // The caller reports a failure, with the place of the expression.
      if record.failure == nil { observe(.settled(cell: unit.name, record)) }
    }
    return evaluation
  }
}

/// The outcome of evaluating the prose.
package struct ProseOutcome: Sendable {
  /// The reports by the expressions' indices.
  package var reports: [Int: ExpressionReport] = [:]
  /// The name of a damaged input in the store; the cell that defines it must run again.
  package var damagedValue: String?
  /// Whether an expression exceeded the run's time limit.
  package var isTimedOut = false
}
