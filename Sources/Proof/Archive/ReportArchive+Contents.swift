import Foundation
import Report

extension ReportArchive {
  /// The contents of the report, one line for each: files with their sizes, parameters, and values of cells.
  /// - Throws: `NotebookError` when the results in the report can't be read.
  package func contents(_ lock: ReportLock) throws -> [String] {
    var lines = files.map { "\($0.kind.rawValue) \($0.path), \($0.content.count) bytes" }
    lines += lock.parameters.map { "parameter \($0.name) = \($0.shown)" }
    guard let file = file(.results) else { return lines }
    for (name, cell) in try CarriedResults(json: file.content).cells.sorted(by: { $0.key < $1.key }) {
      // A pinned cell's values are in its blobs, however large they are.
      let pinned = lock.cells.first { $0.name == name }?.result?.values.filter { cell.blobs?[$0.sha256] != nil } ?? []
      let values = Set(cell.values.keys).union(pinned.map(\.name))
      lines += values.sorted().map { "value \($0) of the cell \"\(name)\"" }
      if !cell.outputs.isEmpty { lines.append("output of the cell \"\(name)\"") }
    }
    return lines
  }
}
