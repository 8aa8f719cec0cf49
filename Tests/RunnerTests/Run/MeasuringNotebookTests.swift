import Core
import Engine
import Foundation
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

  /// A runtime that only sleeps replaces ONNX Runtime, so the test doesn't need it.
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
    try FileManager.default.createDirectory(
      at: notebook.folder.appendingPathComponent("site/onnxruntime-1.32.0.dist-info"), withIntermediateDirectories: true
    )
    try notebook.write("Name: onnxruntime\nVersion: 1.32.0\n", to: "site/onnxruntime-1.32.0.dist-info/METADATA")
    try notebook.write(
      """
      import time
      class GraphOptimizationLevel:
          ORT_DISABLE_ALL, ORT_ENABLE_ALL = range(2)
      class SessionOptions:
          def add_session_config_entry(self, name, value): pass
      class InferenceSession:
          def __init__(self, path, options, providers): pass
          def get_inputs(self): return []
          def run(self, outputs, feed): time.sleep(0.0005)
      """, to: "site/onnxruntime.py")
    let folder = notebook.folder.path
    try notebook.write(
      "#!/bin/sh\nPYTHONPATH='\(folder)/site' XDG_CACHE_HOME='\(folder)/cache' exec python3 \"$@\"\n", to: "python")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(folder)/python")
    try notebook.write("pc: {python: \(folder)/python, quiet: 1000, patience: 0}\n", to: "devices.yaml")

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
}
