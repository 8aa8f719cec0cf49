import Core
import Foundation
import Glibc
import TestSupport
import Testing

@testable import Engine
@testable import Wire

/// A cell that exceeds a limit fails alone.
@Suite struct CellLimitTests {
  /// The cell lowers its own limit, so the test doesn't exhaust the machine's memory.
  @Test func aCellOutOfMemoryFailsAloneAndSaysSo() async throws {
    let notebook = try TemporaryNotebook(
      """
      ```swift {#before}
      let before = 1
      ```

      ```swift {#large}
      print("allocating")
      progress(0.25, "allocating")
      var _limit = rlimit(rlim_cur: 3 << 30, rlim_max: 3 << 30)
      setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &_limit)
      let _bytes = [UInt8](repeating: UInt8(before), count: 64 << 30)
      print(_bytes.count)
      ```

      ```swift {#other}
      print(before)
      ```

      `{swift} before`
      """)
    let outcome = try await notebook.run(.init(keepGoing: true))
    #expect(outcome.cells.mapValues(\.state) == ["before": .ran, "large": .failed, "other": .ran])
    #expect(outcome.texts == ["1"])
    let failure = try #require(outcome.failure("large"))
    #expect(failure.message.hasPrefix("memory ran out: failed to allocate 687194"))
    #expect(failure.place?.line == 10)
    #expect(failure.details?.contains("Last progress: 25 %, allocating") == true)
    guard case .printed(let text)? = outcome.cells["large"]?.outputs.first else {
      Issue.record("what the cell had printed is lost")
      return
    }
    #expect(text == "allocating\n")
  }

  @Test func aFloodIsKeptToALimitAndTheWholeInAFile() async throws {
    let notebook = try TemporaryNotebook(
      """
      ```swift {#flood}
      for line in 0..<300_000 { print("line", line) }
      ```
      """)
    let outcome = try await notebook.run()
    let result = try #require(outcome.cells["flood"]?.result)
    let store = try Store(beside: notebook.folder)
    let outputs = try CellJob.decoder.decode([CellOutput].self, from: #require(store.blob(result.outputs)))
    guard case .printed(let text) = outputs.first else {
      Issue.record("nothing was printed")
      return
    }
    #expect(text.utf8.count < CapturedOutput.limit + 500)
    #expect(text.hasPrefix("line 0\n") && text.hasSuffix("line 299999\n"))
    let whole = try notebook.text(".labbook/output/n-flood.stdout.txt")
    #expect(text.contains("all of it is in \(store.folder.path)/output/n-flood.stdout.txt"))
    #expect(whole == (0..<300_000).map { "line \($0)\n" }.joined())
  }

  @Test func aFailedTrainingTellsHowFarItCame() async throws {
    let notebook = try TemporaryNotebook(
      """
      ```swift {#train}
      let graphs = try (0..<20).map { index in
        try NetworkGraph(
          id: "g\\(index)", nodes: [Node(.input), Node(.convolution, kernel: index % 3 + 1), Node(.output)],
          edges: [Edge(0, 1), Edge(1, 2)])
      }
      let data = try Dataset(
        name: "made", device: "none", unit: "ms", graphs: graphs, latencies: graphs.indices.map { Double($0 % 3 + 1) })
      let run = try train(
        GCN.Configuration(hiddenUnits: 4), on: data, split: data.split(.shuffled()), \
        options: TrainingOptions(epochs: 7))
      let past = [run.curve.count][cellThreads + 1]
      ```
      """)
    let failure = try #require(try await notebook.run().failure("train"))
    // An optimised program says nothing itself, and the remedy names the usual causes.
    #expect(failure.message.lowercased().contains("index out of range"))
    #expect(failure.place?.line == 11)
    #expect(failure.details?.contains("Last progress: epoch 7/7, loss ") == true)
  }
}
