import ArgumentParser
import Engine

/// `labbook new`: makes a weekly notebook from a template.
struct NewCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Makes a weekly notebook from a template, and carries over settings and open tasks.",
    discussion: """
      With --from, the parameters, author, title and language of the earlier notebook are kept, and its list of the \
      next week's tasks becomes this week's. Without a name, the new notebook is named after its date, a week after \
      the earlier one, and is written beside it. An existing notebook is never overwritten.
      """)

  @Option(help: ArgumentHelp("The notebook of the week before.", valueName: "file"))
  var from: String?

  @Option(help: ArgumentHelp("The language: en or zh-Hans.", valueName: "tag"))
  var lang: String?

  @Option(
    help: ArgumentHelp("The new notebook's date: 2023-11-23, 2023-W47 or 2023-11-17/2023-11-23.", valueName: "date"))
  var date: String?

  @Argument(help: "The new notebook.")
  var name: String?

  func run() async throws {
    try await reportingErrors {
      let previous = try from.map { try Notebook(reading: $0) }
      let path = name.map { $0.hasSuffix(".md") ? $0 : "\($0).md" }
      let notebook = try NewNotebook(after: previous, .init(language: lang, date: date, path: path))
      try notebook.write()
      printDiagnostics(notebook.warnings)
      print(notebook.path)
    }
  }
}
