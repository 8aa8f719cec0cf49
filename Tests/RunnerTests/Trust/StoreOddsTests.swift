import Foundation
import Glibc
import TestSupport
import Testing
import Wire

@testable import Engine
@testable import Runner

/// Unexpected files in the store, and names that file systems hardly support.
@Suite(.waiting) struct StoreOddsTests {
  private static let source = "```swift {#a}\nprint(1)\n```\n"

  /// Replaces something in the store with something else.
  static let odds: [(what: String, change: @Sendable (URL) throws -> Void)] = [
    (
      "a folder for every record",
      { store in
        for folder in ["latest", "versions", "results"] {
          let names = FileManager.default.enumerator(atPath: store.appendingPathComponent(folder).path)
          for name in names?.compactMap({ $0 as? String }) ?? [] {
            let url = store.appendingPathComponent("\(folder)/\(name)")
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder), !isFolder.boolValue else {
              continue
            }
            try FileManager.default.removeItem(at: url)
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
          }
        }
      }
    ),
    ("a file for latest", { try replace("latest", in: $0) }),
    ("a file for locks", { try replace("locks", in: $0) }),
    ("a file for blobs", { try replace("blobs", in: $0) }),
    ("a file for temporary", { try replace("temporary", in: $0) }),
    ("nothing", { try FileManager.default.removeItem(at: $0) }),
  ]

  private static func replace(_ name: String, in store: URL) throws {
    try? FileManager.default.removeItem(at: store.appendingPathComponent(name))
    try Data("x".utf8).write(to: store.appendingPathComponent(name))
  }

  @Test(arguments: odds.indices) func whatIsOutOfPlaceIsMadeAnew(index: Int) throws {
    let notebook = try TemporaryNotebook(Self.source)
    #expect(try notebook.labbook("run", "n.md").code == 0)
    try Self.odds[index].change(notebook.folder.appendingPathComponent(".labbook"))
    for _ in 0..<2 {
      let ending = try notebook.labbook("run", "--fresh", "n.md")
      #expect(ending.code == 0, "\(Self.odds[index].what): \(ending.errors)")
    }
  }

  @Test func aCellThatRemovesTheStoreEndsNoMoreThanItsRun() throws {
    let notebook = try TemporaryNotebook(
      "```swift {#a}\nimport Foundation\ntry FileManager.default.removeItem(atPath: \".labbook\")\n```\n")
    let ending = try notebook.labbook("run", "n.md")
    #expect(ending.code == 0 || ending.code == 1, "\(ending.errors)")
    try notebook.write(Self.source)
    #expect(try notebook.labbook("run", "n.md").code == 0)
  }

  @Test(arguments: [String(repeating: "x", count: 237) + ".md", "a b.md", "a'\"$(id).md"])
  func namesThatFileSystemsTakeAreTaken(name: String) throws {
    let notebook = try TemporaryNotebook(Self.source, name: name)
    let ending = try notebook.labbook("run", "./\(name)")
    #expect(ending.code == 0, "\(ending.errors)")
  }

  /// The browser is started with a file that only the user can read, because all users can see arguments.
  @Test func noArgumentHoldsTheSecretAddress() throws {
    let notebook = try TemporaryNotebook(Self.source)
    let programs = notebook.folder.appendingPathComponent("bin")
    try FileManager.default.createDirectory(at: programs, withIntermediateDirectories: true)
    let starter = programs.appendingPathComponent("xdg-open")
    let reply = "\(notebook.folder.path)/told"
    let script = "#!/bin/sh\necho \"$@\" > '\(reply).part'\nstat -c %a \"$1\" >> '\(reply).part'\n"
    try Data("\(script)mv '\(reply).part' '\(reply)'\n".utf8).write(to: starter)
    chmod(starter.path, 0o755)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: TemporaryNotebook.executable)
    process.arguments = ["preview", "--open", "n.md"]
    process.currentDirectoryURL = notebook.folder
    process.environment = ProcessInfo.processInfo.environment.merging([
      "PATH": "\(programs.path):\(ProcessInfo.processInfo.environment["PATH"] ?? "")"
    ]) { $1 }
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try ProcessTree.start(process)
    defer {
      process.terminate()
      ProcessTree.finish(process)
    }
    var told: String?
    for _ in 0..<600 where told == nil {
      usleep(100_000)
      told = try? notebook.text("told")
    }
    let lines = try #require(told).split(separator: "\n")
    #expect(lines.count == 2 && lines[0].hasSuffix("/preview.html") && !lines[0].contains("http"))
    #expect(lines[1] == "600")
  }
}
