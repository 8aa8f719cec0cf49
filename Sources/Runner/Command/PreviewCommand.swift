import ArgumentParser
import Engine
import Foundation

/// `labbook preview`: shows a page in the browser and runs the notebook again whenever it is saved.
struct PreviewCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "preview", abstract: "Shows a notebook in the browser and runs its stale cells whenever it is saved.",
    discussion: """
      The page is served to this machine only, at an address that can't be guessed. It shows what running cells are \
      doing, and changes in place. Ctrl-C ends the preview and its running cells.
      """)

  @OptionGroup var source: NotebookArgument

  @Option(help: ArgumentHelp("The port to serve at; the default is a free one.", valueName: "n"))
  var port: UInt16 = 0

  @Option(help: ArgumentHelp("The greatest number of cells that run side by side.", valueName: "n"))
  var jobs = 1

  @Flag(help: "Open the page in the browser.")
  var open = false

  func validate() throws {
    if jobs < 1 { throw ValidationError("--jobs must be 1 or more") }
  }

  func run() async throws {
    try await reportingErrors {
      if open { ProcessTree.allowBrowser() }
      let session = try PreviewSession(
        source.notebook,
        options: .init(parameters: source.parameters, parameterFile: source.params, jobs: jobs)
      ) { notebook in
        ProgressDisplay(cells: notebook.cells.map(\.name), json: false, showsFresh: false).observe
      }
      let server = try PreviewServer(session.model, port: port)
      do {
        try await Interruption.cancelling { [open] in
          try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
              try await server.run { address in
                print(address)
                fflush(nil)
                if open { Self.browse(address) }
              }
            }
            group.addTask { await session.run() }
            defer { group.cancelAll() }
            try await group.next()
          }
        }
      } catch is CancellationError {
        // Ctrl-C is the normal way to end a preview.
      }
      printNotices(session.store)
    }
  }

  /// Opens the page through a file that only this user can read. The address is a secret, and a program's arguments
  /// are visible to every user.
  private static func browse(_ address: String) {
    do {
      let folder = try TemporaryFolder.make("preview")
      let page = folder.appendingPathComponent("preview.html")
      let text = """
        <!DOCTYPE html><meta charset="utf-8"><meta name="referrer" content="no-referrer">
        <meta http-equiv="refresh" content="0;url=\(address)"><a href="\(address)">Preview</a>

        """
      _ = FileManager.default.createFile(
        atPath: page.path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = ["xdg-open", page.path]
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      process.terminationHandler = { _ in
        // The starter has ended here. After 20 seconds the browser has certainly read the file.
        Thread.sleep(forTimeInterval: 20)
        try? FileManager.default.removeItem(at: folder)
      }
      try process.run()
    } catch {
      printDiagnostics([.warning("the browser can't be opened: \(error.localizedDescription)")])
    }
  }
}
