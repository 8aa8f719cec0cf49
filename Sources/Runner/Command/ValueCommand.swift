import ArgumentParser
import Core
import Engine
import Foundation
import Proof
import Wire

/// `labbook value`: prints a stored value as JSON.
struct ValueCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "value", abstract: "Prints a value that a cell handed on, as JSON.")

  @OptionGroup var source: NotebookArgument

  @Argument(help: "The value's name.")
  var name: String

  func run() async throws {
    try await reportingErrors {
      let notebook = try source.read()
      let store = try Store(beside: notebook.folder)
      let values = store.latest(notebook.name).values.flatMap(\.values)
      guard let value = values.first(where: { $0.name == name }) else {
        throw InputError(
          "there is no stored value \"\(name)\"", at: Place(file: notebook.file),
          remedy: values.isEmpty
            ? "Run the notebook first: labbook run \(notebook.file)"
            : nearestName(to: name, among: values.map(\.name)).map { "Did you mean \"\($0)\"?" }
              ?? "The values are \(values.map(\.name).sorted().joined(separator: ", ")).")
      }
      guard let data = store.blob(value.sha256), let tree = try? ValueTree(stored: data) else {
        throw InputError(
          "the stored value \"\(name)\" is missing or damaged", at: Place(file: notebook.file),
          remedy: "Run the notebook again: labbook run \(notebook.file)")
      }
      print(tree.json)
      printNotices(store)
    }
  }
}
