import Core
import Engine
import Foundation
import Plot
import TestSupport
import Testing

/// A notebook that measures: its cell is pinned without an option, and its lock contains the device.
@Suite struct MeasuringNotebookTests {
  private func notebook(_ option: String = "") throws -> Notebook {
    try Notebook(
      source: """
        ```swift {#times}
        \(option)
        let table = try measure([], on: TargetDevice("pc"))
        ```

        ```swift {#other}
        let x = 1
        ```
        """, file: "n.md")
  }

  @Test func aCellThatMeasuresIsPinnedUnlessItSaysOtherwise() throws {
    #expect(try notebook().cells.map(\.options.pinned) == [true, false])
    #expect(try notebook("//| pinned: false").cells.map(\.options.pinned) == [false, false])
    #expect(try notebook("//| pinned: true").cells.map(\.options.pinned) == [true, false])
    let own = try Notebook(
      source: "```swift {#a}\nfunc measure(_ x: Int) -> Int { x }\n```\n\n```swift {#b}\nlet y = measure(1)\n```\n",
      file: "n.md")
    #expect(own.cells.map(\.options.pinned) == [false, false])
  }

  @Test func theLockHoldsWhatTheDeviceSaidOfItself() async throws {
    let notebook = try TemporaryNotebook(
      """
      ```swift {#times}
      let devices = try TargetDevices.load()
      let models = [try ModelFile("a.onnx"), try ModelFile("b.onnx")]
      let plan = MeasuringPlan(rounds: 2...2, runs: 3, overhead: 0.9, repetitions: 0)
      let table = try measure(models, on: devices["pc"]!, plan: plan)
      print(table.rows.map(\\.id), table.rows.map(\\.rounds))
      ```

      ```swift {#asked}
      let graphs = try ["a", "b"].map { try NetworkGraph(id: $0, nodes: [Node(.input)], edges: []) }
      let direct = try DirectMeasurement(models, on: devices["pc"]!, secondsPerNetwork: 1, plan: plan)
      print(try direct.predict(graphs).count)
      ```

      ```swift {#use}
      let data = try table.latencies(of: graphs)
      print(data.devices[0].runtime ?? "")
      ```
      """)
    for name in ["a", "b"] { try notebook.write(name, to: "\(name).onnx") }
    try notebook.addDevice()
    let folder = notebook.folder.path

    let outcome = try await notebook.run()
    let result = try #require(outcome.cells["times"]?.result)
    let facts = try #require(result.devices?["pc-ort-1t"])
    #expect(facts["runtime"] == "ONNX Runtime 1.32.0")
    #expect(facts["threads"] == "1")
    #expect(facts["kernel"]?.isEmpty == false)
    #expect(facts["cores"] != nil)
    #expect(outcome.cells["use"]?.state == .ran)
    // What is measured in place of a prediction is measured on a device as well.
    let asked = try #require(outcome.cells["asked"]?.result)
    #expect(asked.devices?["pc-ort-1t"]?["runtime"] == "ONNX Runtime 1.32.0")
    // What a reader of the table has to know is in the report.
    let printed = "\(try Store(beside: notebook.folder).outputs(of: result))"
    #expect(printed.contains("pc-ort-1t: the last round is over, "))
    #expect(printed.contains("measured/pc-ort-1t.csv: 2 rows"))
    #expect(FileManager.default.fileExists(atPath: "\(folder)/measured/pc-ort-1t.csv"))
    #expect(FileManager.default.fileExists(atPath: "\(folder)/measured/pc-ort-1t.rounds.jsonl.gz"))
    // Nothing is measured again.
    #expect(try await notebook.states() == ["times fresh", "asked fresh", "use fresh"])
    // Also not after it went on from the rounds that there were.
    try notebook.edit("rounds: 2...2", "rounds: 3...3")
    #expect(try await notebook.states().first == "times ran")
    #expect(try await notebook.states() == ["times fresh", "asked fresh", "use fresh"])
  }

  /// The built-in runtime needs no Python.
  @Test func aProfileIsShownAsATableAndAsATimeline() async throws {
    let notebook = try TemporaryNotebook(
      """
      ```swift {#export}
      let space = ResidualCNN(widths: [8], blocksPerStage: 1, imageSize: 8)
      let network = try space.fullNetwork()
      let path = "m.onnx"
      try network.save(onnx: path, weights: NetworkWeights(random: network, seed: 1))
      ```

      ```swift {#costs}
      let target = TargetDevice("pc", quiet: 1000, patience: 0, setups: [RuntimeSetup(.onednn, on: "pc")])
      let costs = try profile(ModelFile(path), on: target)
      show(Table(costs, caption: "By the profiler"))
      show(Chart.timeline(costs))
      print(costs.id, costs.device, costs.operators.count, costs.differences.count, costs.cost != nil)
      ```
      """)
    let outcome = try await notebook.run(notebook.withOwnCache)
    for cell in ["export", "costs"] {
      #expect(outcome.failure(cell) == nil, "\(cell): \(outcome.failure(cell)?.message ?? "")")
    }
    let result = try #require(outcome.cells["costs"]?.result)
    var (tables, charts, text): ([Table], [Chart], String) = ([], [], "")
    for output in try Store(beside: notebook.folder).outputs(of: result) {
      switch output {
      case .table(let table): tables.append(table)
      case .chart(let chart): charts.append(chart)
      case .printed(let printed): text += printed
      default: break
      }
    }
    let counts = try #require(text.firstMatch(of: /m pc-onednn-1t (\d+) (\d+) true\n/)).output
    #expect(tables.map { "\($0.texts.count)" } == [String(counts.1)])
    #expect(tables.map(\.headings.count) == [4])
    #expect(charts.map { $0.panels.map(\.layers.count) } == [[2]])
    #expect(text.contains("measured/pc-profile-m.csv: \(counts.2) rows"))
    #expect(FileManager.default.fileExists(atPath: "\(notebook.folder.path)/measured/pc-profile-m.csv"))
  }
}
