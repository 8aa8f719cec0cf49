import ArgumentParser
import Engine
import Foundation
import Proof

/// `labbook clean`: frees disk space in the store.
struct CleanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clean", abstract: "Removes stored files that no notebook's newest results need.",
    discussion: """
      The newest results of every notebook, the history with its figures and curves, and unfinished training stay. \
      Compiled cells and older results go; they are made anew when they are needed.
      """)

  @Argument(help: "A notebook, or a folder of notebooks; the default is the working directory.")
  var notebook: String?

  @Flag(help: "Remove the whole store: all results and the history.")
  var all = false

  @Flag(help: "Only print what would be removed.")
  var dryRun = false

  func run() async throws {
    try await reportingErrors {
      let place = try notebook.map(StorePlace.init) ?? StorePlace()
      let store = try Store(beside: place.folder)
      if all {
        try store.requireNoOther(action: "be removed")
        if !dryRun { try FileManager.default.removeItem(at: store.folder.resolvingSymlinksInPath()) }
        print("\(dryRun ? "would remove" : "removed") \(store.folder.path)")
        return
      }
      let cleaning = try await StoreCleaning(store)
      printNotices(store)
      if !dryRun { try cleaning.remove() }
      let counts = cleaning.counts.map { "\($0.count) \($0.kind)" }.joined(separator: ", ")
      let size = String(format: "%.1f MB", Double(cleaning.bytes) / 1e6)
      print(cleaning.files.isEmpty ? "nothing to remove" : "\(dryRun ? "would remove" : "removed") \(counts): \(size)")
    }
  }
}
