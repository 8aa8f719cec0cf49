import Foundation
import Testing

@testable import Core

@Suite struct LatencyDataTests {
  private static let architectures = """
    {"id": "a", "nodes": [{"op": "input"}], "edges": []}
    {"id": "b", "nodes": [{"op": "input"}, {"op": "output"}], "edges": [[0, 1]]}
    {"id": "c", "nodes": [{"op": "input"}, {"op": "relu"}], "edges": [[0, 1]]}

    """

  private static let wide = "id,fpga,raspi4\na,1.5,2\nb,,4\nc,3,\n"
  private static let long = """
    id,device,median_us,p10_us,p90_us,even_rounds_us,odd_rounds_us,runs
    a,fpga,1.5,1.4,1.7,1.5,1.6,180
    b,raspi4,4,,,,,
    c,fpga,3,2,3,3,3,90
    a,raspi4,2,2,2,2,2,1

    """

  private func load(
    _ table: String, devices: [String]? = nil, column: String = "median_us", matching: Dataset.Matching = .all
  ) throws -> LatencyData {
    let files = try TemporaryFiles(["n.jsonl": Self.architectures, "l.csv": table])
    return try LatencyData.load(
      architectures: files.path("n.jsonl"), latencies: files.path("l.csv"), devices: devices, latencyColumn: column,
      matching: matching)
  }

  @Test func wideTablesAreRead() throws {
    let data = try load(Self.wide)
    #expect(data.devices == ["fpga", "raspi4"])
    #expect((data.unit, data.measurementCount) == ("ms", 4))
    #expect(try data.measurements(on: "raspi4") == [Measurement(2), Measurement(4), nil])
    let column = try data[device: "fpga"]
    #expect(column.graphs.map(\.id) == ["a", "c"])
    #expect(column.latencies == [1.5, 3])
    #expect((column.device, column.unit) == ("fpga", "ms"))
    #expect(try handedOn(data) == data)
  }

  @Test func longTablesAreReadWithAllThatIsKnown() throws {
    let data = try load(Self.long)
    #expect(data.unit == "us")
    #expect(data.devices == ["fpga", "raspi4"])
    #expect(
      try data.measurements(on: "fpga") == [
        Measurement(1.5, low: 1.4, high: 1.7, repeats: 180, halves: [1.5, 1.6]), nil,
        Measurement(3, low: 2, high: 3, repeats: 90, halves: [3, 3]),
      ])
    #expect(try data.measurements(on: "raspi4")[1] == Measurement(4))
    #expect(try load(Self.long, devices: ["raspi4"]) { $0.devices.map(\.name) } == ["raspi4"])
    #expect(try handedOn(data) == data)
  }

  private func load<Result>(_ table: String, devices: [String], _ body: (LatencyData) -> Result) throws -> Result {
    body(try load(table, devices: devices, matching: .common))
  }

  @Test func commonNetworksComeInOneOrder() throws {
    let sets = try load(Self.wide).common()
    #expect(sets.map(\.latencies) == [[1.5], [2]])
    let selected = try load(Self.wide).selecting(["raspi4"])
    #expect(try selected.common()[0].graphs.map(\.id) == ["a", "b"])
    let apart = try load("id,x,y\na,1,\nb,,2\n", matching: .common)
    #expect(
      try message { _ = try apart.common() } == """
        no network was measured on all of "x", "y"
          Take fewer devices, or measure some networks on all of them.
        """)
  }

  @Test func descriptionsBelongToTheirDevices() throws {
    let pi = Device("raspi4", hardware: "Cortex-A72", runtime: "TFLite", threads: 4, descriptor: ["GHz": 1.5])
    let files = try TemporaryFiles(["n.jsonl": Self.architectures, "l.csv": Self.wide])
    let data = try LatencyData.load(
      architectures: files.path("n.jsonl"), latencies: files.path("l.csv"), describedBy: [pi])
    #expect(data.devices == ["fpga", pi])
    let column = try data[device: "raspi4"]
    #expect(column.measuredOn == pi)
    #expect(try handedOn(column) == column)
  }

  @Test func theShippedTableHasRepeats() throws {
    let data = try LatencyData.load(architectures: PrunedResNet.architectures, latencies: PrunedResNet.latencies)
    #expect(data.devices.map(\.name) == ["epyc-ort-1t", "epyc-ort-2t", "epyc-mnn-1t"])
    #expect(data.measurementCount == 1800)
    #expect(
      try data.measurements(on: "epyc-ort-1t")[0]
        == Measurement(2.7262, low: 2.5039, high: 3.0757, repeats: 180, halves: [2.7218, 2.7295]))
    #expect(try data[device: "epyc-mnn-1t"].latencies == PrunedResNet.load("epyc-mnn-1t").latencies)
  }

  @Test(arguments: [
    ("id,fpga\na,1\nb,2\nc,x\n", "l.csv:4:3: the latency \"x\" of \"c\" is not a number"),
    ("id,fpga\na,1\nb,0\nc,1\n", "l.csv:3:3: the latency \"0\" of \"b\" is not a positive number"),
    ("id,fpga\na,1\nb,1\nb,1\n", "l.csv:4: \"b\" has a row already, in line 3"),
    ("id,fpga\na,1\nz,1\n", "l.csv:3: \"z\" has a latency, but no architecture"),
    ("id,fpga\na,1\nb,2\nc,\n", "\"c\" has no latency on any device in l.csv"),
    ("id,device,median_us\na,d,1\na,d,1\n", "l.csv:3: \"a\" has a row for \"d\" already, in line 2"),
    ("id,device,median_us,low,high\na,d,1,3,2\n", "l.csv:2: \"a\": the low quantile 3.0 is above the high one, 2.0"),
    (
      "id,device,median_us,runs\na,d,1,many\n",
      "l.csv:2:7: the number of repeats \"many\" of \"a\" is not a whole number"
    ),
    ("id,device,mean_us\na,d,1\n", "l.csv:1: there is no column \"median_us\""),
  ])
  func whatCanNotBeReadHasAPlace(_ table: String, _ expected: String) throws {
    let files = try TemporaryFiles(["n.jsonl": Self.architectures, "l.csv": table])
    let text = try files.message {
      _ = try LatencyData.load(
        architectures: $0.path("n.jsonl"), latencies: $0.path("l.csv"), latencyColumn: "median_us")
    }
    #expect(text.hasPrefix(expected), "\(text)")
  }

  @Test func unknownDevicesAreCompared() throws {
    #expect(
      try message { _ = try load(Self.wide)[device: "raspi"] }
        == "the data has no device \"raspi\"\n  Did you mean \"raspi4\"? The devices are \"fpga\", \"raspi4\".")
    #expect(
      try message { _ = try load(Self.wide, devices: ["fgpa"]) }.hasSuffix(
        "the table has no device \"fgpa\"\n  Did you mean \"fpga\"? The devices are \"fpga\", \"raspi4\"."))
  }
}
