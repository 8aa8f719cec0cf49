import Foundation
import Glibc
import Receipt
import Testing
import Wire

@testable import Engine

private let cellCount = ProcessInfo.processInfo.environment["LABBOOK_SCALE"].flatMap { Int($0) } ?? 0

/// Measures the time and the memory of planning with `LABBOOK_SCALE` cells: `make bench-scale`. No cell is compiled
/// or run; the store contains invented results in the form of real ones.
@Suite(.enabled(if: cellCount > 0, "make bench-scale runs it."))
struct ScaleBenchmark {
  /// Rows of ten cells, each of which uses a value of the row above.
  private static var source: String {
    (0..<cellCount).map { number in
      let above = number < 10 ? "\(number)" : "value\(number - 10) + 1"
      return "```swift {#cell\(number)}\n// What number \(number) is for.\nlet value\(number) = \(above)\n```\n"
    }.joined(separator: "\nSome text.\n\n")
  }

  private static var memory: Double {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
    return (line.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0) / 1024
  }

  /// The processor time of this process, in seconds.
  private static var processorTime: Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
  }

  private func time<Result>(_ what: String, _ work: () throws -> Result) rethrows -> Result {
    let (start, processor) = (ContinuousClock.now, Self.processorTime)
    let result = try work()
    let texts = [(ContinuousClock.now - start) / .seconds(1), Self.processorTime - processor].map {
      String(format: "%.3f", $0)
    }
    print(
      "scale \(cellCount) cells: \(what): \(texts[0]) s, \(texts[1]) s of processor time, at most "
        + "\(Int(clamping: Self.memory)) MB")
    return result
  }

  @Test func planningAndTheStore() async throws {
    let folder = try TemporaryFolder("scale")
    let file = folder.url.appendingPathComponent("n.md")
    try Self.source.write(to: file, atomically: true, encoding: .utf8)
    let store = try Store(beside: folder.url)
    let notebook = try time("parse") { try Notebook(reading: file.path) }
    let checked = time("graph") {
      CheckedNotebook(
        notebook, types: [:], library: LibraryIdentity(fingerprint: "library"), compiler: "compiler")
    }
    #expect(checked.graph.diagnostics.isEmpty)
    let outputs = try store.add(try CellJob.encoder.encode([CellOutput.printed("done\n")]))
    var outcomes: [String: CellRecord] = [:]
    var results: [String: CellResult] = [:]
    try time("results put into the store") {
      for (number, cell) in checked.evaluatedCells.enumerated() {
        let data = Data("value \(number)".utf8)
        let value = StoredValue(name: "value\(number)", type: "Int", sha256: try store.add(data), bytes: data.count)
        let result = CellResult(
          cell: cell.name, key: try checked.key(of: cell, outcomes), files: [], values: [value], unstored: [:],
          outputs: outputs, metrics: [], seconds: 1, origin: .here)
        try store.add(result)
        results[cell.name] = result
        outcomes[cell.name] = .fresh(result)
      }
    }
    try await store.setLatest(results, of: notebook.name, cells: Set(notebook.cells.map(\.name)))
    _ = time("read newest results") { store.latest(notebook.name) }
    let plan = time("plan, all fresh") { checked.plan(in: store) }
    #expect(plan.items.allSatisfy { if case .fresh = $0.state { true } else { false } })
    let schedule = time("schedule, all fresh") {
      var schedule = Schedule(checked, .init(), in: store)
      #expect(schedule.next { _ in }.isEmpty)
      return schedule
    }
    #expect(schedule.outcomes.count == cellCount)
    // A run of an unchanged notebook reads its receipt and looks at the state of each file.
    let files = [file.path] + results.values.flatMap { store.files(of: $0) }
    let receipt = RunReceipt(
      arguments: ["run", "n.md"], folder: RunReceipt.workingFolder, variables: RunReceipt.variables,
      files: Set(files).sorted().map(FileState.init), errors: checked.evaluatedCells.map { "\($0.name)  fresh" },
      output: ["reports/n/index.html"])
    let text = try #require(receipt.text)
    let kept = folder.url.appendingPathComponent("receipt")
    try text.write(to: kept, atomically: true, encoding: .utf8)
    let isCurrent = time("run, nothing changed") {
      RunReceipt(reading: kept.path)?.isCurrent(arguments: ["run", "n.md"]) ?? false
    }
    #expect(isCurrent)
    let changed = try Notebook(
      source: Self.source.replacingOccurrences(of: "let value0 = 0\n", with: "let value0 = 7\n"), file: file.path)
    let other = CheckedNotebook(
      changed, types: [:], library: LibraryIdentity(fingerprint: "library"), compiler: "compiler")
    let stale = time("plan, a tenth may run") { other.plan(in: store) }
    #expect(stale.items.filter { if case .fresh = $0.state { false } else { true } }.count >= cellCount / 10)
  }
}
