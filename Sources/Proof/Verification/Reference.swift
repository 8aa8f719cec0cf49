import Engine
import Foundation
import Report
import Wire

/// The results that a notebook's new run is compared with: a lock, and the available values and outputs.
package struct Reference: Sendable {
  package enum Content: Sendable {
    /// All values and outputs are in a store.
    case store(Store)
    /// Some values and outputs are inside a report.
    case carried(CarriedResults)
  }

  package var lock: ReportLock
  package var content: Content

  /// Compares the results of a run with these, cell by cell. The prose comes last, under the name of its cell.
  package func compare(with new: ReportLock, store: Store, tolerance: Double) -> [Verification.Cell] {
    let cells = lock.cells.map { cell in
      compare(cell, with: new.cells.first { $0.name == cell.name }, store: store, tolerance: tolerance)
    }
    guard !lock.texts.isEmpty || !new.texts.isEmpty else { return cells }
    return cells + [compareTexts(with: new, tolerance: tolerance)]
  }

  /// Copies the results of pinned cells into the clean store, where the run finds them.
  /// - Throws: `NotebookError` where the reference lacks a part of such a result.
  package func give(_ notebook: Notebook, to store: Store) throws {
    for cell in lock.cells where notebook[cell: cell.name]?.options.pinned ?? false {
      guard let result = cell.result, cell.state.isCurrent else { continue }
      for digest in result.blobs {
        let data: Data? =
          switch content {
          case .store(let store): store.blob(digest)
          case .carried(let results): results.cells[cell.name]?.blobs?[digest]
          }
        guard let data, try store.add(data) == digest else {
          throw NotebookError(
            "the result of the pinned cell \"\(cell.name)\" is not in the report, so its dependents can't be verified",
            remedy: "Verify the notebook beside its store: labbook verify \(notebook.name).md")
        }
      }
      try store.add(result)
    }
  }

  /// The outputs of a run with the times in the reference's tables, where the tables differ in nothing else.
  package func withTimes(_ outputs: [CellOutput], of cell: String) -> [CellOutput] {
    guard case .carried(let results) = content, let old = results.cells[cell]?.outputs, old.count == outputs.count
    else { return outputs }
    return zip(old, outputs).map { old, new in
      guard case .table(let before) = old, case .table(let now) = new,
        MeasuredTimes.masked(before) == MeasuredTimes.masked(now)
      else { return new }
      return old
    }
  }

  private func compareTexts(with new: ReportLock, tolerance: Double) -> Verification.Cell {
    var comparison = Comparison(tolerance: tolerance)
    for index in Set(lock.texts.keys).union(new.texts.keys).sorted(by: { (Int($0) ?? 0) < (Int($1) ?? 0) }) {
      comparison.compare(
        text: lock.texts[index] ?? "nothing", new.texts[index] ?? "nothing",
        at: "expression \((Int(index) ?? 0) + 1)")
    }
    return comparison.cell(CheckedNotebook.proseName, isSameBits: lock.texts == new.texts, unseen: [])
  }

  private func compare(
    _ old: ReportLock.Cell, with new: ReportLock.Cell?, store: Store, tolerance: Double
  ) -> Verification.Cell {
    var comparison = Comparison(tolerance: tolerance)
    var unseen: [String] = []
    var earlierForm: [String] = []
    guard let oldResult = old.result, let newResult = new?.result else {
      let (before, now) = (summary(old), new.map(summary) ?? "not in the notebook")
      if before != now { comparison.differ("", before, now) }
      return comparison.cell(old.name, isSameBits: true, unseen: [])
    }
    var isSameBits = true
    for metric in oldResult.metrics {
      guard let other = newResult.metrics.first(where: { $0.name == metric.name }) else {
        comparison.differ("metric \(metric.name)", metric.text, "nothing")
        continue
      }
      if metric == other { continue }
      if let unit = metric.unit, MeasuredTimes.units.contains(unit), other.unit == unit {
        comparison.skipTime(at: "metric \(metric.name)")
        continue
      }
      isSameBits = false
      comparison.compare(metric.value, other.value, at: "metric \(metric.name)")
    }
    for name in Set(oldResult.values.map(\.name)).union(newResult.values.map(\.name)).sorted() {
      guard let left = oldResult.values.first(where: { $0.name == name }),
        let right = newResult.values.first(where: { $0.name == name })
      else {
        comparison.differ(name, "\(oldResult.values.count) values", "\(newResult.values.count) values")
        continue
      }
      if left.identity == right.identity { continue }
      if left.type == right.type, MeasuredTimes.isTime(type: left.type) {
        comparison.skipTime(at: name)
        continue
      }
      isSameBits = false
      if left.type != right.type {
        comparison.differ(name, left.type, right.type)
      } else if let old = value(left, of: old.name), let new = store.blob(right.sha256) {
        comparison.compare(stored: old, new, at: name)
      } else if lock.version < ReportLock.binaryValues {
        earlierForm.append(name)
      } else {
        unseen.append(name)
      }
    }
    if oldResult.outputs != newResult.outputs {
      let before = (comparison.differenceCount, comparison.toleratedCount, unseen.count)
      let times = comparison.times.count
      compareOutputs(oldResult, newResult, store, &comparison, &unseen)
      // Outputs that differ only in measured times are the same.
      if before != (comparison.differenceCount, comparison.toleratedCount, unseen.count)
        || times == comparison.times.count
      {
        isSameBits = false
      }
    }
    var cell = comparison.cell(old.name, isSameBits: isSameBits, unseen: unseen)
    if old.isPinned == true, oldResult.key.digest == newResult.key.digest { cell.given = oldResult.origin }
    if !earlierForm.isEmpty { cell.earlierForm = earlierForm }
    return cell
  }

  private func summary(_ cell: ReportLock.Cell) -> String {
    switch cell.state {
    case .fresh, .ran: "a result"
    case .stale: "a stale result"
    case .failed: "failed: \(cell.message ?? "")"
    case .blocked, .left: "no result"
    }
  }

  private func value(_ value: StoredValue, of cell: String) -> Data? {
    switch content {
    case .store(let store): store.blob(value.sha256)
    case .carried(let results): results.cells[cell]?.value(value.name)
    }
  }

  private func compareOutputs(
    _ old: CellResult, _ new: CellResult, _ store: Store, _ comparison: inout Comparison, _ unseen: inout [String]
  ) {
    var left: [CellOutput]
    var right = store.outputs(of: new)
    switch content {
    case .store(let store): left = store.outputs(of: old)
    case .carried(let results):
      left = results.cells[old.cell]?.outputs ?? []
      if right.contains(where: { $0.kind == "chart" }) { unseen.append("charts beyond their lines") }
      right = CarriedResults.carried(right)
    }
    if left.count != right.count { comparison.differ("outputs", "\(left.count)", "\(right.count)") }
    var counts: [String: Int] = [:]
    for (old, new) in zip(left, right) {
      let kind = old.kind
      counts[kind, default: 0] += 1
      let number = counts[kind, default: 0]
      let name = number == 1 ? kind : "\(kind) \(number)"
      switch (old, new) {
      case (.printed(let old), .printed(let new)), (.printedError(let old), .printedError(let new)),
        (.markdown(let old), .markdown(let new)):
        comparison.compare(text: old, new, at: name)
      case (.chart(let old), .chart(let new)): compare(old, new, name, &comparison)
      case (.table(let old), .table(let new)):
        let (oldMasked, newMasked) = (MeasuredTimes.masked(old), MeasuredTimes.masked(new))
        compare(oldMasked, newMasked, name, &comparison)
        if old != new, oldMasked == newMasked { comparison.skipTime(at: name) }
      default: comparison.differ(name, old.kind, new.kind)
      }
    }
  }

  private func compare(_ old: some Encodable, _ new: some Encodable, _ name: String, _ comparison: inout Comparison) {
    // Encoding can't fail, because both values were just decoded from JSON.
    guard let old = try? CellJob.encoder.encode(old), let new = try? CellJob.encoder.encode(new) else { return }
    comparison.compare(json: old, new, at: name)
  }
}

extension CellOutput {
  /// The kind of the output, in a word.
  package var kind: String {
    switch self {
    case .printed: "printed"
    case .printedError: "standard error"
    case .chart: "chart"
    case .table: "table"
    case .markdown: "text"
    }
  }
}
