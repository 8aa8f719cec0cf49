import Core
import Foundation
import Glibc
import TestSupport
import Testing

@testable import Engine
@testable import Proof
@testable import Runner

/// The runner itself is killed, and the processes that cells leave behind are ended.
@Suite(.waiting) struct SurvivalTests {
  static let source = """
    ```swift {#a}
    let x = (1...50_000).map { Double($0) }
    ```

    ```swift {#b}
    usleep(30_000)
    let y = x.map { $0 * 2 }
    ```

    ```swift {#c}
    print(y.reduce(0, +))
    let z = y.count
    ```

    `{swift} z`
    """

  /// Kills at random moments of a seeded generator: a few here, and 200 by hand with `LABBOOK_KILLS=200`.
  @Test func aKilledRunnerLosesNothing() async throws {
    let kills = ProcessInfo.processInfo.environment["LABBOOK_KILLS"].flatMap(Int.init) ?? 12
    let clean = try TemporaryNotebook(Self.source)
    let expected = try await clean.run()
    let notebook = try TemporaryNotebook(Self.source)
    var random = SeededGenerator(seed: 1)
    for kill in 0..<kills {
      // Every few kills, the notebook is edited, so it is partly stale.
      let offset = kill / 4
      try notebook.write(Self.source.replacingOccurrences(of: "* 2", with: "* 2 + \(offset) - \(offset)"))
      let process = Process()
      process.executableURL = URL(fileURLWithPath: TemporaryNotebook.executable)
      process.arguments = ["run", "n.md"]
      process.currentDirectoryURL = notebook.folder
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try ProcessTree.start(process)
      usleep(UInt32(random.uniform() * 2_500_000))
      Glibc.kill(process.processIdentifier, SIGKILL)
      ProcessTree.finish(process)
    }
    try notebook.write(Self.source)
    let outcome = try await notebook.run()
    #expect(outcome.texts == expected.texts)
    for cell in ["a", "b", "c"] {
      #expect(
        outcome.cells[cell]?.result?.values.map(\.name) == expected.cells[cell]?.result?.values.map(\.name))
    }
    let temporary = notebook.folder.appendingPathComponent(".labbook/temporary")
    _ = try Store(beside: notebook.folder)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: temporary.path).filter { $0.hasPrefix("runner-") }.count <= 1)
  }

  @Test func trainingGoesOnWhereAKilledRunnerLeftIt() async throws {
    let source = """
      ```swift {#train}
      let graphs = try (0..<40).map { index in
        try NetworkGraph(
          id: "g\\(index)",
          nodes: [Node(.input), Node(.convolution, kernel: index % 3 + 1), Node(.relu), Node(.output)],
          edges: [Edge(0, 1), Edge(1, 2), Edge(2, 3)])
      }
      let data = try Dataset(
        name: "made", device: "none", unit: "ms", graphs: graphs, latencies: graphs.indices.map { Double($0 % 3 + 1) })
      let run = try train(
        GCN.Configuration(hiddenUnits: 64), on: data, split: data.split(.shuffled()),
        options: TrainingOptions(epochs: EPOCHS))
      let weights = run.predictor
      ```
      """
    // The training is long enough on any machine for a checkpoint, which is made every few seconds.
    let notebook = try TemporaryNotebook(source.replacingOccurrences(of: "EPOCHS", with: "20_000"))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: TemporaryNotebook.executable)
    process.arguments = ["run", "n.md"]
    process.currentDirectoryURL = notebook.folder
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try ProcessTree.start(process)
    let checkpoints = notebook.folder.appendingPathComponent(".labbook/checkpoints")
    func checkpointCount() -> Int {
      let enumerator = FileManager.default.enumerator(at: checkpoints, includingPropertiesForKeys: nil)
      return (enumerator?.allObjects as? [URL])?.filter { !$0.lastPathComponent.hasPrefix(".") && !$0.hasDirectoryPath }
        .count ?? 0
    }
    while process.isRunning, checkpointCount() == 0 { usleep(20_000) }
    Glibc.kill(process.processIdentifier, SIGKILL)
    ProcessTree.finish(process)

    // Only an unfinished run leaves a checkpoint, and the next run continues from it.
    #expect(checkpointCount() == 1)
    let parsed = try Notebook(reading: notebook.file.path)
    let resumed = try await NotebookRun(parsed, store: Store(beside: notebook.folder)).run(.init()) { _ in }
    #expect(checkpointCount() == 0)
    let whole = try await NotebookRun(parsed, store: Store(beside: notebook.folder)).run(.init(fresh: true)) { _ in }
    func weights(_ outcome: NotebookRun.Outcome) -> String? {
      outcome.cells["train"]?.result?.values.first { $0.name == "weights" }?.sha256
    }
    #expect(weights(resumed) != nil)
    #expect(weights(resumed) == weights(whole))
  }

  @Test func childrenThatACellLeavesBehindEndWithIt() async throws {
    let notebook = try TemporaryNotebook(
      """
      ```swift {#a}
      let shell = popen("setsid sh -c 'echo $$ > child; exec sleep 600' >/dev/null 2>&1 & sleep 0.3", "r")
      pclose(shell)
      ```
      """)
    #expect(try await notebook.run().cells["a"]?.state == .ran)
    let text = try String(contentsOf: notebook.folder.appendingPathComponent("child"), encoding: .utf8)
    let child = try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    // A killed process may remain a zombie until its parent waits for it.
    let state = try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8)
    #expect(state == nil || state?.contains(") Z ") == true)
  }

  @Test func interruptingWritesTheReport() throws {
    let notebook = try TemporaryNotebook(
      "```swift {#a}\nlet x = 1\n```\n\n```swift {#b}\nprint(x)\nwhile cellThreads > 0 { usleep(1000) }\n```\n")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: TemporaryNotebook.executable)
    process.arguments = ["run", "n.md"]
    process.currentDirectoryURL = notebook.folder
    let errors = Pipe()
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    try ProcessTree.start(process)
    var text = ""
    // The loop ends with the command, whatever the display shows.
    while text.firstMatch(of: /b +running/) == nil {
      let data = errors.fileHandleForReading.availableData
      if data.isEmpty { break }
      text += String(decoding: data, as: UTF8.self)
    }
    try #require(text.contains(/b +running/), "the display no longer says that a cell is running: \(text)")
    Glibc.kill(process.processIdentifier, SIGINT)
    ProcessTree.finish(process)
    #expect(process.terminationStatus == 130)
    let page = try String(contentsOf: notebook.folder.appendingPathComponent("reports/n/index.html"), encoding: .utf8)
    #expect(page.contains("the cell was interrupted"))
  }

  @Test func interruptingTwiceEndsAtOnce() throws {
    // The cell ignores the request to end, so the first Ctrl-C takes a while.
    let notebook = try TemporaryNotebook(
      """
      ```swift {#a}
      signal(SIGTERM, SIG_IGN)
      try Data("\\(getpid())".utf8).write(to: URL(fileURLWithPath: "pid"))
      while cellThreads > 0 { usleep(1000) }
      ```
      """)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: TemporaryNotebook.executable)
    process.arguments = ["run", "n.md"]
    process.currentDirectoryURL = notebook.folder
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try ProcessTree.start(process)
    while process.isRunning, (try? notebook.text("pid"))?.isEmpty ?? true { usleep(10_000) }
    while process.isRunning {
      Glibc.kill(process.processIdentifier, SIGINT)
      usleep(20_000)
    }
    ProcessTree.finish(process)
    #expect(process.terminationStatus == 130)
    // No runner is left to end the cell, so it ends itself.
    let cell = try #require(pid_t(notebook.text("pid")))
    var looks = 0
    // It may stay as a zombie, whose new parent is this process.
    func isAlive() -> Bool {
      guard let state = try? String(contentsOfFile: "/proc/\(cell)/stat", encoding: .utf8) else { return false }
      return state.split(separator: ")").last?.hasPrefix(" Z") == false
    }
    while isAlive(), looks < 1_000 {
      usleep(10_000)
      looks += 1
    }
    #expect(looks < 1_000)
    try notebook.write("```swift {#a}\nprint(1)\n```\n")
    #expect(try notebook.labbook("run", "n.md").code == 0)
  }

  /// Whether this process may mount file systems.
  private static let canMount: Bool = {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("labbook-mount-\(UUID().uuidString)")
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    guard mount("tmpfs", folder.path, "tmpfs", 0, "size=1m") == 0 else { return false }
    umount2(folder.path, Int32(MNT_DETACH))
    return true
  }()

  /// A store on a file system that becomes read-only.
  @Test(.enabled(if: canMount, "mounting isn't allowed here")) func aReadOnlyStoreIsReplacedForTheRun() throws {
    let notebook = try TemporaryNotebook(Self.source)
    let store = notebook.folder.appendingPathComponent(".labbook")
    try FileManager.default.createDirectory(at: store, withIntermediateDirectories: true)
    try #require(mount("tmpfs", store.path, "tmpfs", 0, "size=64m") == 0)
    defer { umount2(store.path, Int32(MNT_DETACH)) }
    let first = try notebook.labbook("run", "n.md", "--json")
    #expect(first.code == 0)
    #expect(mount("tmpfs", store.path, "tmpfs", UInt(MS_REMOUNT | MS_RDONLY), "size=64m") == 0)
    let page = try notebook.text("reports/n/index.html")
    try FileManager.default.removeItem(at: notebook.folder.appendingPathComponent("reports/n"))
    let second = try notebook.labbook("run", "n.md", "--json")
    #expect(second.code == 0)
    #expect(second.errors.contains("warning: the store \(store.path) can't be written"))
    #expect(second.output.contains("\"cell\":\"c\",\"state\":\"ran\""))
    func values(_ page: String) throws -> [String] {
      let lock = try ReportArchive(page: Data(page.utf8), file: "n.html").lock(file: "n.html")
      return lock.cells.flatMap { $0.result?.values.map { "\($0.name) \($0.identity)" } ?? [] }
    }
    let before = try values(page)
    #expect(before.map { $0.prefix(2) } == ["x ", "y ", "z "])
    #expect(try values(notebook.text("reports/n/index.html")) == before)
    #expect(mount("tmpfs", store.path, "tmpfs", UInt(MS_REMOUNT), "size=64m") == 0)
    let third = try notebook.labbook("run", "n.md", "--json")
    #expect(third.output.contains("\"cell\":\"c\",\"state\":\"fresh\""))
    #expect(third.errors.isEmpty || !third.errors.contains("warning"))
  }

  /// The store is on its own file system with little space.
  @Test(.enabled(if: canMount, "mounting isn't allowed here")) func aFullDiskLosesNothing() async throws {
    let notebook = try TemporaryNotebook("")
    let disk = notebook.folder.appendingPathComponent("disk")
    try FileManager.default.createDirectory(at: disk, withIntermediateDirectories: true)
    try #require(mount("tmpfs", disk.path, "tmpfs", 0, "size=3m") == 0)
    defer { umount2(disk.path, Int32(MNT_DETACH)) }
    let source = """
      ```swift {#small}
      let x = 41
      ```

      ```swift {#large}
      let values = (0..<2_000_000).map { Double($0) + 0.25 }
      ```

      ```swift {#use}
      print(values.count)
      ```

      `{swift} x + 1`
      """
    let file = disk.appendingPathComponent("n.md")
    try Data(source.utf8).write(to: file)
    let store = try Store(beside: disk)
    let outcome = try await NotebookRun(Notebook(reading: file.path), store: store).run(.init(keepGoing: true)) { _ in }
    #expect(outcome.cells["small"]?.state == .ran)
    #expect(outcome.cells["use"]?.state == .failed || outcome.cells["use"]?.state == .blocked)
    let message = outcome.failure("use")?.message ?? outcome.failure("large")?.message ?? ""
    #expect(message.contains("No space left on device") || message.contains("disk may be full"))
    // With less data to store, the same store works again.
    try Data(source.replacingOccurrences(of: "2_000_000", with: "2_000").utf8).write(to: file)
    let again = try await NotebookRun(Notebook(reading: file.path), store: Store(beside: disk)).run(.init()) { _ in }
    #expect(again.cells.mapValues(\.state) == ["small": .fresh, "large": .ran, "use": .ran])
    #expect(again.texts == ["42"])
  }
}
