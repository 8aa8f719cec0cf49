import Foundation
import Receipt
import TestSupport
import Testing

@testable import Engine
@testable import Runner

/// A notebook's folder from somebody else, which contains a store.
@Suite(.waiting) struct ForeignStoreTests {
  static let source = """
    ```swift {#a}
    print("from the notebook")
    let x = 1
    ```
    """

  /// Runs the command as a user with another key and an empty cache.
  private func labbook(_ notebook: TemporaryNotebook, _ arguments: String...) throws -> TemporaryNotebook.Ending {
    try notebook.start(arguments, environment: ["XDG_CONFIG_HOME": notebook.folder.path + "/another"])()
  }

  @Test func resultsAndProgramsOfAnotherUserAreMadeAnew() throws {
    let notebook = try TemporaryNotebook(Self.source)
    #expect(try notebook.labbook("run", "n.md").code == 0)
    // The program of a cell is replaced by somebody who can build programs but doesn't have this user's key.
    let programs = notebook.folder.appendingPathComponent(".labbook/programs")
    for name in try FileManager.default.contentsOfDirectory(atPath: programs.path) where !name.contains(".") {
      let file = programs.appendingPathComponent(name)
      try Data("#!/bin/sh\ntouch pwned\n".utf8).write(to: file)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    }
    for verb in ["plan", "render", "check", "run"] {
      let ending = try labbook(notebook, verb, "n.md")
      #expect(!ending.errors.contains("a  fresh"), "\(verb): \(ending.errors)")
      if verb == "plan" { #expect(ending.output.hasPrefix("a  runs"), "\(ending.output)") }
    }
    #expect(!FileManager.default.fileExists(atPath: notebook.folder.path + "/pwned"))
    #expect(try notebook.text("reports/n/index.html").contains("from the notebook"))
  }

  @Test func aStoreSaysWhoseItIsNot() throws {
    let notebook = try TemporaryNotebook(Self.source)
    #expect(try notebook.labbook("run", "n.md").code == 0)
    let ending = try labbook(notebook, "run", "n.md")
    #expect(ending.errors.contains("holds results that were not made with your key"), "\(ending.errors)")
    #expect(ending.errors.contains("a  ran in"))
    #expect(try notebook.labbook("run", "n.md").errors.contains("a  ran in"), "and the other way round")
  }

  @Test func aDamagedKeyIsNamed() throws {
    let notebook = try TemporaryNotebook(Self.source)
    let folder = notebook.folder.appendingPathComponent("another/labbook")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data("x".utf8).write(to: folder.appendingPathComponent("key"))
    let ending = try labbook(notebook, "plan", "n.md")
    #expect(ending.errors.contains("\(folder.path)/key can't be read as your key"), "\(ending.errors)")
    #expect(ending.errors.contains("Remove that file"))
  }

  /// False facts about the machine, such as the compiler's path, in every place where the command might read them.
  @Test func nothingBesideTheNotebookIsAFactAboutTheMachine() throws {
    let notebook = try TemporaryNotebook(Self.source)
    let cache = notebook.folder.appendingPathComponent("cache")
    let environment = ["XDG_CACHE_HOME": cache.path]
    #expect(try notebook.start(["check", "n.md"], environment: environment)().code == 0)
    let script = "#!/bin/sh\ntouch \(notebook.folder.path)/pwned\n"
    try notebook.write(script, to: "swift-frontend")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: notebook.folder.path + "/swift-frontend")
    let store = notebook.folder.appendingPathComponent(".labbook")
    for name in try FileManager.default.contentsOfDirectory(atPath: cache.path + "/labbook") {
      let from = cache.appendingPathComponent("labbook/\(name)")
      guard let text = try? String(contentsOf: from, encoding: .utf8) else { continue }
      let forged = text.replacing(/"[^"]*\/(swiftc|swift-frontend|clang)"/) { _ in
        "\"\(notebook.folder.path)/swift-frontend\""
      }
      try Data(forged.utf8).write(to: store.appendingPathComponent(name))
    }
    try FileManager.default.removeItem(at: cache)
    for verb in ["check", "plan", "render", "run"] {
      _ = try notebook.start([verb, "n.md"], environment: environment)()
    }
    #expect(!FileManager.default.fileExists(atPath: notebook.folder.path + "/pwned"))
  }

  @Test func aReceiptBesideTheNotebookSaysNothing() throws {
    let notebook = try TemporaryNotebook(Self.source)
    #expect(try notebook.labbook("run", "n.md").code == 0)
    usleep(20_000)
    #expect(try notebook.labbook("run", "n.md").code == 0)
    let path = try #require(RunReceipt.path(arguments: ["run", "n.md"], folder: notebook.folder.path))
    let old = notebook.folder.appendingPathComponent(".labbook/receipts/n")
    try FileManager.default.createDirectory(at: old.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.moveItem(atPath: path, toPath: old.path)
    #expect(RunReceipt(reading: path) == nil && RunReceipt(reading: old.path) != nil)
  }

  @Test func aSearchPathDoesNotLeadIntoTheNotebooksFolder() throws {
    let notebook = try TemporaryNotebook(Self.source)
    try notebook.write("#!/bin/sh\ntouch pwned\nexit 1\n", to: "swiftc")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: notebook.folder.path + "/swiftc")
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let ending = try notebook.start(["check", "n.md"], environment: ["PATH": ".:\(path)"])()
    #expect(ending.code == 0, "\(ending.errors)")
    #expect(!FileManager.default.fileExists(atPath: notebook.folder.path + "/pwned"))
  }
}
