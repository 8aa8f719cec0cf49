import Core
import Foundation
import TestSupport
import Testing

@testable import Engine
@testable import Runner

/// A notebook's results are the same to the last bit, whatever ran before.
@Suite struct RepeatabilityTests {
  static let source = """
    ---
    seed: 5
    ---

    ```swift {#noise}
    var _random = SeededGenerator(seed: cellSeed)
    let noise = (0..<20).map { _ in Double.random(in: -1...1, using: &_random) }
    ```

    ```swift {#draw}
    var _random = SeededGenerator(seed: cellSeed)
    let draw = (0..<5).map { _ in Int.random(in: 0..<1_000_000, using: &_random) }
    print(draw)
    ```

    ```swift {#train}
    let graphs = try (0..<40).map { index in
      try NetworkGraph(
        id: "g\\(index)",
        nodes: [Node(.input), Node(.convolution, kernel: index % 3 + 1), Node(.relu), Node(.output)],
        edges: [Edge(0, 1), Edge(1, 2), Edge(2, 3)])
    }
    let data = try Dataset(
      name: "made", device: "none", unit: "ms", graphs: graphs,
      latencies: graphs.indices.map { Double($0 % 3 + 1) + noise[$0 % 20] / 10 })
    let run = try train(
      GCN.Configuration(hiddenUnits: 8), on: data, split: data.split(.shuffled()), options: TrainingOptions(epochs: 3))
    let weights = run.predictor
    ```

    ```swift {#words}
    let words = Set((0..<50).map { "w\\($0 + draw[0])" })
    print(words, words.first ?? "")
    ```

    `{swift} noise[0]` `{swift} draw[4]` `{swift} words.count`
    """

  /// Every cell's values without measured times, and its output.
  private func contents(_ outcome: NotebookRun.Outcome) -> [String: [String]] {
    outcome.cells.mapValues { cell in
      (cell.result?.values ?? []).map { "\($0.name) \($0.identity)" } + [cell.result?.outputs ?? "none"]
    }
  }

  @Test func coldAndWarmRunsGiveTheSameBits() async throws {
    // Edits of a cell that draws random numbers, and of the data that the training starts from.
    let edits = [("0..<20", "0..<21"), ("epochs: 3", "epochs: 4"), ("1_000_000", "1_000")]
    let warm = try TemporaryNotebook(Self.source)
    _ = try await warm.run()
    for (old, new) in edits { try warm.edit(old, new) }
    let warmOutcome = try await warm.run()
    #expect(warmOutcome.cells.values.allSatisfy { $0.state == .ran })
    try warm.edit("w\\(", "v\\(")
    let warmest = try await warm.run(.init(jobs: 2))
    #expect(warmest.cells.mapValues(\.state) == ["noise": .fresh, "draw": .fresh, "train": .fresh, "words": .ran])

    let cold = try TemporaryNotebook(try String(contentsOf: warm.file, encoding: .utf8))
    let coldOutcome = try await cold.run()
    #expect(contents(coldOutcome) == contents(warmest))
    #expect(coldOutcome.texts == warmest.texts)
    #expect(contents(try await cold.run(.init(fresh: true, jobs: 2))) == contents(coldOutcome))
  }

  /// The number of random numbers that one cell draws doesn't affect other cells.
  @Test func everyCellDrawsFromItsOwnSeed() async throws {
    let notebook = try TemporaryNotebook(Self.source)
    let before = contents(try await notebook.run())
    try notebook.edit("(0..<20).map", "(0..<30).map")
    let after = contents(try await notebook.run(.init(fresh: true)))
    #expect(before["draw"] == after["draw"] && before["words"] == after["words"])
    #expect(before["noise"] != after["noise"])
  }
}
