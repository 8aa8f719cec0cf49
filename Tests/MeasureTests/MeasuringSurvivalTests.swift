import Core
import Foundation
import Glibc
import Networks
import TestSupport
import Testing

@testable import Measure

/// The process that measures is killed, and the same command continues.
@Suite(.waiting) struct MeasuringSurvivalTests {
  private let notebook: TemporaryNotebook
  private let environment: [String: String]

  init() throws {
    notebook = try TemporaryNotebook("")
    // The lock of this machine's measurements is the test's own, since tests run concurrently.
    environment = ["XDG_CACHE_HOME": notebook.folder.appendingPathComponent("cache").path]
    let space = ResidualCNN(widths: [8, 16], blocksPerStage: 2, imageSize: 16)
    for (id, point) in [("large", "8 8 | 16 16"), ("small", "- - | 8 -")] {
      let network = try space.network(at: space.point(point))
      try network.save(onnx: path("\(id).onnx"), weights: NetworkWeights(random: network, seed: 1))
    }
    try notebook.write("pc: {runtimes: [onednn], quiet: 1000, patience: 0}\n", to: "devices.yaml")
  }

  private func path(_ name: String) -> String { notebook.folder.appendingPathComponent(name).path }

  private var table: String { path("t.csv") }

  /// The command with a plan whose rounds are all done, because no estimate is as precise as it wants.
  private func command(rounds: Int) -> [String] {
    [
      "measure", path("large.onnx"), path("small.onnx"), "--on", "pc", "--file", path("devices.yaml"), "--output",
      table, "--rounds", "\(rounds)", "--runs", "3", "--overhead", "90", "--repetitions", "0", "--precision", "1e-7",
    ]
  }

  private func isRunning(_ process: pid_t) -> Bool {
    // A process that has ended remains a zombie until its parent waits for it.
    let state = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
    return state.map { !$0.contains(") Z ") } ?? false
  }

  @Test func aKilledMeasurementGoesOnWhereItWas() throws {
    let journal = Measuring.rounds(of: table)
    func visits() -> Int {
      let text = (try? String(contentsOfFile: journal, encoding: .utf8)) ?? ""
      return text.split(separator: "\n").count { $0.contains("\"round\"") }
    }
    // The measurement would take far longer than the test.
    let killed = try Daemon(TemporaryNotebook.executable, command(rounds: 10_000), environment: environment)
    while visits() < 5, isRunning(killed.processIdentifier) { usleep(2_000) }
    killed.end(SIGKILL)
    let before = try RoundsJournal(journal).visits
    try #require(before.count >= 5)
    #expect(!FileManager.default.fileExists(atPath: table))

    let rounds = (before.map(\.round).max() ?? 0) + 2
    let ending = try notebook.start(command(rounds: rounds), environment: environment)()
    #expect(ending.code == 0, "\(ending.errors)")
    #expect(ending.output.hasPrefix("pc-onednn-1t: the last round is over, "), "\(ending.output)")
    #expect(ending.output.hasSuffix("\(table): 2 rows\n"))
    let after = try RoundsJournal(journal).visits
    #expect(Array(after.prefix(before.count)) == before)
    let wanted = ["large", "small"].flatMap { id in (1...rounds).map { "\(id) \($0)" } }
    #expect(after.map { "\($0.id) \($0.round)" }.sorted() == wanted.sorted())
    // Nothing is left of the killed process.
    #expect(!FileManager.default.fileExists(atPath: journal))
    #expect(!FileManager.default.fileExists(atPath: journal + ".lock"))
  }
}
