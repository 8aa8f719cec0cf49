import ArgumentParser
import Core
import Engine
import Foundation

/// The notebook that a verb works on, and its parameters.
struct NotebookArgument: ParsableArguments {
  @Argument(help: "The notebook, a Markdown file.")
  var notebook: String

  @Option(
    name: [.customShort("P"), .customLong("param")],
    help: ArgumentHelp("Set a parameter of the front matter; may be repeated.", valueName: "name=value"))
  var parameters: [String] = []

  @Option(help: ArgumentHelp("Set parameters from a YAML file.", valueName: "file"))
  var params: String?

  /// Reads and parses the notebook and sets its parameters.
  func read() throws -> Notebook {
    var result = try Notebook(reading: notebook)
    try result.setParameters(parameters, file: params)
    return result
  }

  /// The compiler for its cells. The store beside the notebook is opened.
  /// - Parameter sandboxed: Whether the compiler and the cells run in a sandbox.
  func compiler(sandboxed: Bool = false) async throws -> NotebookCompiler {
    let url = URL(fileURLWithPath: notebook).standardizedFileURL
    // No store is created beside a notebook that doesn't exist.
    guard FileManager.default.fileExists(atPath: url.path) else { throw CancellationError() }
    return try await NotebookCompiler(
      store: Store(beside: url.deletingLastPathComponent()), sandbox: sandboxed ? Sandbox.make() : nil)
  }
}

extension Notebook {
  /// - Throws: `NotebookError` with the most similar name if no cell has this name.
  func requireCell(_ name: String) throws {
    if self[cell: name] != nil { return }
    let names = cells.map(\.name)
    throw NotebookError(
      "\(file) has no cell named \"\(name)\"",
      remedy: nearestName(to: name, among: names).map { "Did you mean \"\($0)\"?" }
        ?? "Its cells: \(names.joined(separator: ", ")).")
  }
}
