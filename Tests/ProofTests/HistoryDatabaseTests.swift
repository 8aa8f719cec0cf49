import Core
import Foundation
import Testing

@testable import Engine
@testable import Proof
@testable import Wire

@Suite struct HistoryDatabaseTests {
  private func folder() throws -> (folder: TemporaryFolder, store: Store) {
    let folder = try TemporaryFolder("history")
    return (folder, try Store(beside: folder.url))
  }

  private static func run(_ notebook: String = "n", second: Double = 0, seconds: [Double] = [1.5]) -> HistoryRun {
    HistoryRun(
      date: Date(timeIntervalSince1970: 1_700_000_000 + second), notebook: notebook, seconds: 2, exit: 0, lock: "abc",
      parameters: [.init(name: "名字", value: "\"甲\"")],
      cells: seconds.enumerated().map { .init(name: "cell-\($0)", state: .ran, key: "k\($1)", seconds: $1) }
        + [.init(name: "left", state: .left, key: nil, seconds: nil)],
      metrics: [
        RecordedMetric("精度", 0.9, better: .higher, format: .percent(1)), RecordedMetric("nan", .nan, unit: "ms"),
        RecordedMetric("inf", .infinity, better: .lower, format: .decimals(2)),
      ])
  }

  @Test func runsComeBackAsTheyWere() async throws {
    let (folder, store) = try folder()
    defer { withExtendedLifetime(folder) {} }
    #expect(try await HistoryDatabase.existing(store) == nil)
    for second in 0..<3 {
      await HistoryDatabase.record(Self.run(second == 1 ? "other" : "n", second: Double(second)), in: store)
    }
    #expect(store.notices.all == [])
    let history = try await HistoryDatabase(store)
    let runs = try await history.runs()
    #expect(runs.map(\.id) == [3, 2, 1])
    #expect(try await history.runs(of: "n").map(\.id) == [3, 1])
    #expect(try await history.runs(limit: 1).map(\.id) == [3])
    #expect(try await history.run(9) == nil)
    var stored = try #require(try await history.run(1))
    var expected = Self.run()
    expected.id = 1
    #expect(stored.metrics[1].value.isNaN)
    stored.metrics.remove(at: 1)
    expected.metrics.remove(at: 1)
    #expect(stored == expected)
  }

  @Test(
    arguments: [
      ([[3.0]], 3), ([[3], [5]], 4), ([[3], [100], [5]], 5), ([[1], [1], [1], [7], [7], [7]], 7),
    ] as [([[Double]], Double)])
  func typicalSecondsAreTheMedianOfTheNewestRuns(runs: [[Double]], expected: Double) async throws {
    let (folder, store) = try folder()
    defer { withExtendedLifetime(folder) {} }
    for seconds in runs { await HistoryDatabase.record(Self.run(seconds: seconds), in: store) }
    let typical = try await HistoryDatabase(store).typicalSeconds(of: "n")
    #expect(typical.seconds(cell: "cell-0") == expected)
    // Times of the same cell key take precedence over times of other versions of the cell.
    #expect(typical.seconds(cell: "cell-0", key: "k\(runs[0][0])") == runs[0][0])
    #expect(typical.seconds(cell: "cell-0", key: "unknown") == expected)
    #expect(typical.seconds(cell: "left") == nil)
  }

  @Test(arguments: ["garbage", "cut", "flipped", "empty"])
  func aDamagedFileIsSetAside(damage: String) async throws {
    let (folder, store) = try folder()
    defer { withExtendedLifetime(folder) {} }
    for second in 0..<40 { await HistoryDatabase.record(Self.run(second: Double(second)), in: store) }
    let file = store.folder.appendingPathComponent(HistoryDatabase.fileName)
    var content = try Data(contentsOf: file)
    switch damage {
    case "garbage": content = Data("this is no database, but it is long enough to look like one ".utf8)
    case "cut": content = content.prefix(content.count / 2)
    case "flipped": for index in stride(from: 100, to: content.count, by: 7) { content[index] ^= 0x55 }
    default: content = Data()
    }
    try content.write(to: file)
    await HistoryDatabase.record(Self.run("after"), in: store)
    let runs = try await HistoryDatabase(store).runs()
    #expect(runs.map(\.notebook) == ["after"])
    // An empty file is a database without tables, and nothing is lost.
    let aside = try FileManager.default.contentsOfDirectory(atPath: store.folder.path).filter { $0.contains("damaged") }
    #expect(aside == (damage == "empty" ? [] : ["history.damaged-1.sqlite"]))
    #expect(
      store.notices.all
        == (damage == "empty"
          ? [] : ["the history of runs was damaged; it is renamed to .labbook/history.damaged-1.sqlite"]))
  }

  @Test func aFileThatCannotBeWrittenIsANotice() async throws {
    let (folder, store) = try folder()
    defer { withExtendedLifetime(folder) {} }
    // A folder with the database's name can't be opened by anyone, not even root.
    try FileManager.default.createDirectory(
      at: store.folder.appendingPathComponent(HistoryDatabase.fileName), withIntermediateDirectories: true)
    await HistoryDatabase.record(Self.run(), in: store)
    #expect(store.notices.all.count == 1)
    #expect(store.notices.all.first?.hasPrefix("the run is not recorded in the history: ") == true)
  }

  @Test func manyMayWriteAtOnce() async throws {
    let (folder, store) = try folder()
    defer { withExtendedLifetime(folder) {} }
    await withTaskGroup(of: Void.self) { group in
      for writer in 0..<8 {
        group.addTask {
          for second in 0..<5 {
            await HistoryDatabase.record(Self.run("n\(writer)", second: Double(second)), in: store)
          }
        }
      }
    }
    #expect(store.notices.all == [])
    #expect(try await HistoryDatabase(store).runs().count == 40)
  }

  @Test func linesOfTheTable() {
    var failed = Self.run("周报")
    failed.id = 12
    failed.cells[0].state = .failed
    failed.metrics = []
    var fine = Self.run("n", seconds: [1, 2])
    fine.id = 11
    let lines = HistoryText([failed, fine], metrics: []).lines
    let time = HistoryRun.time(fine.date)
    #expect(
      lines == [
        "run  when              notebook  cells                 time   精度     nan  inf",
        " 12  \(time)  周报      1 failed, 1 not run  2.0 s",
        " 11  \(time)  n         2 ran, 1 not run     2.0 s  90.0%  NaN ms    ∞",
      ])
    #expect(HistoryText([fine], metrics: ["inf"]).lines[0].hasSuffix("time  inf"))
  }
}
