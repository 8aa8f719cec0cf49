import Core
import Foundation
import Glibc
import TestSupport
import Testing

@testable import Engine

/// Kills processes of a run on Slurm at random moments: the runner, jobs, and the daemons of the nodes and of the
/// controller. `LABBOOK_KILLS` is the number of kills; every test run includes two.
@Suite(
  .enabled(if: ClusterNotebook.areTestsAskedFor, "LABBOOK_CLUSTER_TESTS=1 runs them."),
  .enabled(if: SlurmServer.isInstalled, "There is no Slurm: apt install slurm-wlm munge."))
struct ClusterKillTests {
  private static let setting = ProcessInfo.processInfo.environment["LABBOOK_KILLS"].flatMap { Int($0) }
  private static let kills = setting ?? 2
  private static let points = setting == nil ? 6 : 64

  private enum Victim: CaseIterable { case runner, job, node, controller }

  @Test func nothingIsLostAndNothingIsComputedTwice() async throws {
    let server = try SlurmServer()
    let configuration = try TemporaryFolder("configuration")
    let folder = configuration.url.appendingPathComponent("labbook")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try "test: {kind: slurm, interval: 0.5s, lag: 20s, time: 10m, restarts: 100}"
      .write(to: folder.appendingPathComponent("clusters.yaml"), atomically: true, encoding: .utf8)
    // The runners' results are read here with the same key.
    let key = try #require(UserKey.user.isKept ? UserFolder.configuration?.appendingPathComponent("key") : nil)
    try FileManager.default.copyItem(at: key, to: folder.appendingPathComponent("key"))
    let environment = server.environment.merging(["XDG_CONFIG_HOME": configuration.url.path]) { $1 }
    let source =
      "---\nexecutor: test\n---\n\n"
      + ClusterNotebook.source(points: Self.points, milliseconds: Self.setting == nil ? 600 : 2_000)
    let notebook = try TemporaryNotebook(source)
    var generator = SeededGenerator(seed: UInt64(Self.kills))
    var runner = try RunnerProcess(notebook, environment)
    // The kills begin after the compilation, which isn't tested here.
    try await runner.wait(for: "log.txt")
    var kills = 0
    for number in 0..<Self.kills {
      try await Task.sleep(for: .milliseconds(Int.random(in: 300..<2_500, using: &generator)))
      guard runner.isRunning else { break }
      switch Victim.allCases[number % Victim.allCases.count] {
      case .runner:
        runner.kill()
        runner = try RunnerProcess(notebook, environment)
      case .job:
        var victim: pid_t?
        // Between two jobs there is none.
        while victim == nil, runner.isRunning {
          victim = Self.programs(below: notebook.folder).randomElement(using: &generator)
          if victim == nil { try await Task.sleep(for: .milliseconds(10)) }
        }
        if let victim { kill(victim, SIGKILL) }
      case .node:
        let node = SlurmServer.nodes.randomElement(using: &generator) ?? "n1"
        server.stop("slurmd-\(node)", signal: SIGKILL)
        try await Task.sleep(for: .seconds(1))
        try server.startNode(node)
      case .controller:
        server.stop("slurmctld", signal: SIGKILL)
        try await Task.sleep(for: .seconds(1))
        try server.startController()
      }
      kills += 1
      try server.resumeDrainedNodes()
    }
    while runner.isRunning {
      try server.resumeDrainedNodes()
      try await Task.sleep(for: .seconds(1))
    }
    #expect(kills == Self.kills, "The sweep was over before all kills.")
    #expect(runner.finish() == 0, "\(runner.text)")
    // A killed point starts again, and a point with a result doesn't. A point can be killed between the line that it
    // writes at its end and its result, so the lines aren't counted.
    let notes = try notebook.text("log.txt").split(separator: "\n").map(String.init)
    #expect(notes.filter { $0.hasPrefix("again ") } == [])
    #expect(Set(notes.filter { $0.hasPrefix("end ") }).count == Self.points)
    let there = try await NotebookRun(
      Notebook(reading: notebook.file.path), store: Store(beside: notebook.folder)
    ).run(.init(onlyStored: true)) { _ in }
    let here = try await TemporaryNotebook(ClusterNotebook.source(points: Self.points, milliseconds: 1)).run()
    #expect(there.cells.values.allSatisfy { $0.state == .fresh })
    #expect(ClusterNotebook.values(there) == ClusterNotebook.values(here))
  }

  /// Processes that run a compiled cell of the store in the folder.
  private static func programs(below folder: URL) -> [pid_t] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { name in
      let line = FileManager.default.contents(atPath: "/proc/\(name)/cmdline") ?? Data()
      let path = folder.appendingPathComponent(".labbook/programs").path
      return String(decoding: line, as: UTF8.self).hasPrefix(path) ? pid_t(name) : nil
    }
  }
}
