import Foundation
import TestSupport
import Testing

@testable import Engine

/// Damages to a store, after which the next run reports them and gives the right result.
@Suite struct StoreTests {
  static let source = """
    ```swift {#a}
    let x = 41
    print("x")
    ```

    ```swift {#b}
    let y = x + 1
    print(y)
    ```

    `{swift} y`
    """

  enum Damage: String, CaseIterable, Sendable {
    case flippedBit, truncated, deleted
  }

  /// Every file of the store that holds data is damaged in every way, one at a time.
  @Test(arguments: Damage.allCases) func damagedFilesAreMadeAnew(damage: Damage) async throws {
    let notebook = try TemporaryNotebook(Self.source)
    let expected = try await notebook.run()
    let store = notebook.folder.appendingPathComponent(".labbook")
    let enumerator = try #require(
      FileManager.default.enumerator(at: store, includingPropertiesForKeys: [.isRegularFileKey]))
    let files = enumerator.compactMap { $0 as? URL }.filter { url in
      (try? url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile) ?? false
        && !url.path.contains("/locks/") && !url.path.contains("/versions/") && !url.path.contains("/temporary/")
    }
    #expect(files.count > 10)
    for file in files.sorted(by: { $0.path < $1.path }) {
      guard var data = FileManager.default.contents(atPath: file.path) else { continue }
      switch damage {
      case .flippedBit: data[data.count / 2] ^= 4
      case .truncated: data = data.prefix(data.count / 2)
      case .deleted: break
      }
      if damage == .deleted {
        try FileManager.default.removeItem(at: file)
      } else {
        try data.write(to: file)
      }
      let opened = try Store(beside: notebook.folder)
      let outcome = try await NotebookRun(Notebook(reading: notebook.file.path), store: opened)
        .run(.init(keepGoing: true)) { _ in }
      #expect(outcome.texts == expected.texts, "after damage to \(file.path)")
      // Damage is noticed in the files that every run reads: the newest results and the check. A result's own file is
      // read only if it isn't among the newest, and the types of the last check only if the notebook has changed.
      let name = String(file.path.dropFirst(store.path.count + 1))
      let isRead = ["latest/", "checks/"].contains { name.hasPrefix($0) } && !name.hasSuffix(".types")
      if isRead, damage != .deleted {
        #expect(
          opened.notices.all.contains { $0.hasPrefix("\(name) in the store was damaged") },
          "after damage to \(file.path)")
      }
      #expect(
        outcome.cells["b"]?.result?.values.map(\.sha256) == expected.cells["b"]?.result?.values.map(\.sha256),
        "after damage to \(file.path)")
    }
  }

  @Test func aDamagedValueIsReportedAndItsCellRunsAgain() async throws {
    let notebook = try TemporaryNotebook(Self.source)
    let digest = try #require(try await notebook.run().cells["a"]?.result?.values.first?.sha256)
    try Data("[40]".utf8).write(to: notebook.folder.appendingPathComponent(".labbook/blobs/\(digest)"))
    try notebook.edit("x + 1", "x + 2")
    let parsed = try Notebook(reading: notebook.file.path)
    let store = try Store(beside: notebook.folder)
    let outcome = try await NotebookRun(parsed, store: store).run(.init()) { _ in }
    #expect(outcome.cells.mapValues(\.state) == ["a": .ran, "b": .ran])
    #expect(outcome.texts == ["43"])
    #expect(
      store.notices.all
        == ["blobs/\(digest) in the store was damaged and is deleted; its content will be computed again"])
  }

  @Test func runnersAtOnceDoTheWorkOnce() async throws {
    let notebook = try TemporaryNotebook(
      """
      ```swift {#count}
      //| depends: n.md
      let line = Data("ran\\n".utf8)
      let file = try FileHandle(forWritingTo: URL(fileURLWithPath: "count"))
      try file.seekToEnd()
      try file.write(contentsOf: line)
      usleep(300_000)
      ```
      """)
    try notebook.write("", to: "count")
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<3 {
        group.addTask { [file = notebook.file, folder = notebook.folder] in
          guard let parsed = try? Notebook(reading: file.path), let store = try? Store(beside: folder) else { return }
          _ = try? await NotebookRun(parsed, store: store).run(.init()) { _ in }
        }
      }
    }
    let count = try String(contentsOf: notebook.folder.appendingPathComponent("count"), encoding: .utf8)
    #expect(count == "ran\n")
  }

  @Test func whatAKilledRunnerLeftIsRemoved() throws {
    let notebook = try TemporaryNotebook("")
    let left = notebook.folder.appendingPathComponent(".labbook/temporary/runner-1-1/compile-1")
    try FileManager.default.createDirectory(at: left, withIntermediateDirectories: true)
    let store = try Store(beside: notebook.folder)
    #expect(!FileManager.default.fileExists(atPath: left.path))
    let other = try Store(beside: notebook.folder)
    #expect(try FileManager.default.fileExists(atPath: store.temporaryFolder("x").path))
    _ = other
  }

  @Test func runnersThatStartAtOnceKeepTheirFolders() async throws {
    let store = try TemporaryFolder("store")
    let temporary = store.url.appendingPathComponent("temporary")
    try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: true)
    let areKept = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<4 {
        group.addTask { [url = store.url] in
          (0..<50).allSatisfy { _ in
            let owner = TemporaryOwner(url, isStoreTemporary: false, locking: .kernel)
            owner.removeAbandoned()
            let lease = owner.lease.lease(.lock)
            return withExtendedLifetime(owner) { FileManager.default.fileExists(atPath: lease.path) }
          }
        }
      }
      var areKept = true
      for await isKept in group { areKept = areKept && isKept }
      return areKept
    }
    #expect(areKept)
    #expect(try FileManager.default.contentsOfDirectory(atPath: temporary.path) == [])
    withExtendedLifetime(store) {}
  }

  @Test func aStoreThatCannotBeMadeIsReplacedForTheRun() async throws {
    let notebook = try TemporaryNotebook(Self.source)
    // A file in place of the folder causes an error for the superuser, too, whom permissions don't stop.
    try notebook.write("in the way", to: ".labbook")
    let store = try Store(beside: notebook.folder)
    let outcome = try await NotebookRun(Notebook(reading: notebook.file.path), store: store).run(.init()) { _ in }
    #expect(outcome.texts == ["42"])
    #expect(store.notices.all.count == 1)
    #expect(store.notices.all[0].hasPrefix("the store \(notebook.folder.path)/.labbook can't be written"))
  }
}
