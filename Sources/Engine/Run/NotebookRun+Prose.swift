import Core
import Foundation

extension NotebookRun {
  /// What the prose's own cell is called.
  package static let proseName = "text"

  /// Evaluates the inline expressions whose values are there; the others say what they need.
  package func evaluateProse(_ outcomes: [String: CellOutcome], _ options: Options) async -> ProseOutcome {
    let fresh = options.fresh && options.cell == nil
    var result = ProseOutcome()
    var ready: [NotebookProse.Item] = []
    for item in prose.items {
      let missing = item.needs.cells.filter { name in
        if case .stale = outcomes[name] { return false }
        return outcomes[name]?.result == nil
      }
      if missing.isEmpty {
        ready.append(item)
      } else {
        result.reports[item.expression.index] = .notRun(needs: notebook.cells.map(\.name).filter(missing.contains))
      }
    }
    // A trap in one expression ends the process; the rest is evaluated without it.
    while !ready.isEmpty, !Task.isCancelled {
      let evaluation = await evaluate(ready, outcomes, fresh: fresh, onlyStored: options.onlyStored)
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
      guard let failure = evaluation.failure, let first = ready.first else { break }
      result.reports[first.expression.index] = .failed(failure)
      ready.removeFirst()
    }
    return result
  }

  private struct Evaluation {
    /// By index, as results keep them.
    var texts: [String: String] = [:]
    var failure: CellFailure?
    var damagedValue: String?
    /// Nothing is stored, and nothing was to be run.
    var isNotStored = false
  }

  package func proseProgram(_ items: [NotebookProse.Item]) -> CellProgram {
    CellProgram(
      items.map(\.expression), of: notebook, needs: NotebookProse.needs(of: items), types: check.types)
  }

  private func evaluate(
    _ items: [NotebookProse.Item], _ outcomes: [String: CellOutcome], fresh: Bool, onlyStored: Bool
  ) async -> Evaluation {
    do {
      let needs = NotebookProse.needs(of: items)
      let inputs = try inputs(needs, outcomes)
      let key = CellKey(
        code: items.map { "\($0.expression.index) \($0.analysis.tokens)" }.joined(separator: "\n"),
        source: items.map(\.expression.source).joined(separator: "\n"), needs: needs,
        values: Array(inputs.values), notebook: notebook, cell: Self.proseName, depends: [:],
        imports: NotebookProgram.imports(notebook), labbook: compiler.library.fingerprint,
        compiler: compiler.toolchain.version)
      if !fresh, let result = stored(key) { return Evaluation(texts: result.expressions) }
      if onlyStored { return Evaluation(isNotStored: true) }
      let compiled = try await compiler.compile(proseProgram(items), for: notebook)
      let ending = try await process(
        compiled, cell: Self.proseName, needs: needs, inputs: inputs, key: key, options: Options(),
        timeout: nil, observe: { _ in })
      for case .corruptInput(let name, let path) in ending.events {
        store.discard(URL(fileURLWithPath: path))
        return Evaluation(damagedValue: name)
      }
      if let failure = ending.failure(in: notebook.file, timeout: nil) {
        let pairs = ending.events.compactMap { event in
          if case .expression(let index, let text) = event { (String(index), text) } else { nil }
        }
        return Evaluation(texts: Dictionary(pairs) { first, _ in first }, failure: failure)
      }
      return Evaluation(texts: try store(ending, key: key, cell: Self.proseName).expressions)
    } catch let error as NotebookError {
      let first = error.diagnostics[0]
      return Evaluation(failure: CellFailure(message: first.message, place: first.place, details: nil))
    } catch {
      return Evaluation(failure: CellFailure(message: "\(error)", place: nil, details: nil))
    }
  }
}

/// What became of the prose.
package struct ProseOutcome: Sendable {
  /// By the expression's index.
  package var reports: [Int: ExpressionReport] = [:]
  /// A value that it takes in is damaged in the store; whoever gave it must run again.
  package var damagedValue: String?
}
