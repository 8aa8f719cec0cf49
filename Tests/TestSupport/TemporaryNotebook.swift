import Engine
import Foundation

/// A notebook in a temporary folder, which is deleted with the value.
package final class TemporaryNotebook {
  package let folder: URL
  package let file: URL

  package init(_ source: String, name: String = "n.md") throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("labbook-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent("reports"), withIntermediateDirectories: true)
    file = folder.appendingPathComponent(name)
    try write(source)
  }

  deinit {
    try? FileManager.default.removeItem(at: folder)
  }

  package func write(_ source: String, to name: String? = nil) throws {
    let url = name.map { folder.appendingPathComponent($0) } ?? file
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(source.utf8).write(to: url)
  }

  package func edit(_ old: String, _ new: String) throws {
    let source = try String(contentsOf: file, encoding: .utf8)
    precondition(source.contains(old), "the notebook has no \"\(old)\"")
    try write(source.replacingOccurrences(of: old, with: new))
  }

  package func run(_ options: NotebookRun.Options = .init()) async throws -> NotebookRun.Outcome {
    let notebook = try Notebook(reading: file.path)
    let watch = HangWatch("the run of \(file.path)")
    defer { watch.end() }
    return try await NotebookRun(notebook, store: Store(beside: folder)).run(options) { _ in }
  }

  /// The states of a run's cells, as `--json` names them, in the notebook's order.
  package func states(_ options: NotebookRun.Options = .init()) async throws -> [String] {
    let outcome = try await run(options)
    return try Notebook(reading: file.path).cells.map { "\($0.name) \(outcome.cells[$0.name]?.state.rawValue ?? "–")" }
  }
}

extension NotebookRun.Outcome {
  /// The texts that the prose shows, by index.
  package var texts: [String] {
    expressions.sorted { $0.key < $1.key }.map { item in
      switch item.value {
      case .value(let text): text
      case .failed(let failure): "failed: \(failure.message)"
      case .notRun(let needs): "needs \(needs.joined(separator: ", "))"
      }
    }
  }

  package func failure(_ cell: String) -> CellFailure? {
    cells[cell]?.failure
  }
}
