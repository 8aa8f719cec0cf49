import CBOR
import Foundation
import Testing

@testable import Core

@Suite struct DatasetTests {
  private static func architecture(_ id: String) -> String {
    #"{"id":"\#(id)","nodes":[{"op":"input"},{"op":"output"}],"edges":[[0,1]]}"# + "\n"
  }

  private func files(_ ids: [String], latencies: String) throws -> TemporaryFiles {
    try TemporaryFiles(["a.jsonl": ids.map(Self.architecture).joined(), "l.csv": "id,median_ms\n" + latencies])
  }

  private func load(_ files: borrowing TemporaryFiles, matching: Dataset.Matching = .all) throws -> Dataset {
    try Dataset.load(
      architectures: files.path("a.jsonl"), latencies: files.path("l.csv"), device: "cpu", matching: matching)
  }

  @Test func joinsByIDInTheOrderOfTheGraphs() throws {
    let data = try load(try files(["b", "a", "c"], latencies: "a,1\nb,2\nc,3\n"))
    #expect(data.graphs.map(\.id) == ["b", "a", "c"])
    #expect(data.latencies == [2, 1, 3])
    #expect(data.device == "cpu")
    #expect(data.unit == "ms")
    #expect(data[[2, 0]].graphs.map(\.id) == ["c", "b"])
    #expect(try data.indices(of: ["c", "b"]) == [2, 0])
    #expect(try message { _ = try data.indices(of: ["z"]) } == "the data set has no architecture \"z\"")
  }

  @Test func whatHasNoCounterpart() throws {
    let alone = try files(["a", "b", "c"], latencies: "a,1\n")
    #expect(
      try alone.message { _ = try load($0) }
        .hasPrefix("a.jsonl:2: \"b\" has no latency on \"cpu\" in "))
    #expect(
      try alone.message { _ = try load($0) }.hasSuffix(
        "l.csv (nor have 1 more)\n  Measure it, or use matching: .common to leave it out."))
    #expect(try load(alone, matching: .common).graphs.map(\.id) == ["a"])

    let orphans = try files(["a"], latencies: "x,1\na,1\ny,2\n")
    #expect(
      try orphans.message { _ = try load($0) } == """
        l.csv:2: "x" has a latency, but no architecture (nor have 1 more)
          Add the architecture, or use matching: .common to leave the latency out.
        """)
    #expect(try load(orphans, matching: .common).graphs.map(\.id) == ["a"])

    let strangers = try files(["a"], latencies: "x,1\ny,2\n")
    #expect(
      try strangers.message { _ = try load($0, matching: .common) } == """
        l.csv: no architecture has a latency on "cpu"
          The ids of the two files must be the same; the graphs have "a" and the latencies "x", "y".
        """)
  }

  @Test func fromGraphsAndLatencies() throws {
    let graph = try chain("a", [Node(.input), Node(.output)])
    let data = try Dataset(device: "cpu", graphs: [graph, graph.with(id: "b")], latencies: [1, 2])
    #expect(data.count == 2)
    #expect(
      try message { _ = try Dataset(device: "cpu", graphs: [graph], latencies: []) }
        == "there are 1 graphs, but 0 latencies")
    #expect(
      try message { _ = try Dataset(device: "cpu", graphs: [graph, graph], latencies: [1, 2]) }
        == "two graphs have the id \"a\"\n  Give each an id of its own.")
    #expect(
      try message { _ = try Dataset(device: "cpu", graphs: [graph], latencies: [.nan]) }
        == "the latency nan of \"a\" is not a positive number")
  }

  @Test func isHandedOnCompactly() throws {
    let data = try PrunedResNet.load("epyc-ort-1t")
    let bytes = try CBOREncoder().encode(data).data
    #expect(try CBORDecoder().decode(Dataset.self, from: bytes) == data)
    #expect(try CBOREncoder().encode(handedOn(data)).data == bytes)
    // As an architecture file, the graphs alone have 3.2 MB.
    #expect(bytes.count < 420_000)
  }

  @Test func graphsKeepTheirOwnPropertiesWhenHandedOn() throws {
    let graph = try chain("a", [Node("input"), Node(.output)], properties: ["x": 1, "z": -0.5])
    let wide = try NetworkGraph(
      id: "b", nodes: [Node(.convolution, kernel: 300, inputChannels: 2_000_000_000)], edges: [],
      properties: ["y": 1e300])
    let data = try Dataset(name: "n", device: "d", unit: "s", graphs: [graph, wide], latencies: [1e-9, 3])
    #expect(try handedOn(data) == data)
    #expect(try handedOn(data[[]]) == data[[]])
  }

  @Test func damagedFormsAreErrors() throws {
    let graph = try chain("a", [Node(.input), Node(.output)])
    let data = try Dataset(device: "d", graphs: [graph], latencies: [1])
    let json = String(decoding: try JSONEncoder().encode(data), as: UTF8.self)
    let structure = Data([2, 0, 0, 1, 0, 1, 0, 1]).base64EncodedString().replacingOccurrences(of: "/", with: "\\/")
    #expect(json.contains(structure))
    // The damages: a cut-off file, an unknown operation, an edge to a missing node, and bytes after the end.
    for damage: [UInt8] in [
      [2, 0, 0, 1], [2, 0, 0, 9, 0, 1, 0, 1], [2, 0, 0, 1, 0, 1, 0, 5], [2, 0, 0, 1, 0, 0, 0],
    ] {
      let damaged = json.replacingOccurrences(of: structure, with: Data(damage).base64EncodedString())
      #expect(throws: DecodingError.self) { try JSONDecoder().decode(Dataset.self, from: Data(damaged.utf8)) }
    }
  }

  @Test func summary() throws {
    let data = try PrunedResNet.load("epyc-mnn-1t")
    let summary = data.summary()
    #expect(summary.count == 600)
    #expect(summary.nodes.minimum == 34)
    #expect(summary.nodes.maximum == 69)
    #expect(summary.operations["conv"] == 14608)
    #expect(summary.latency.minimum == data.latencies.min())
    #expect(summary.latency.median == (data.latencies.sorted()[299] + data.latencies.sorted()[300]) / 2)
    let shares = try data.shares(by: "pruned_units")
    #expect(shares.map(\.value) == (0...12).map(Double.init))
    #expect(shares.map(\.count) == [1, 36, 42, 48, 56, 60, 43, 59, 56, 52, 49, 49, 49])
    #expect(shares[5].share == 0.1)
    #expect(
      try message { _ = try data.shares(by: "pruned_unit") } == """
        the architecture "p0000" has no property "pruned_unit"
          Did you mean "pruned_units"? The properties are "pruned_units".
        """)
  }

  @Test(.enabled(if: SharedData.isPresent))
  func tablesOfNASBench201() throws {
    let graphs = try NASBench201.graphs(SharedData.table("archs"), .pruned)
    let latencies = try LatencyTable(
      SharedData.table("latbench_desktop-cpu-core-i7-7820x-fp32"), device: "i7-7820x", latencyColumn: "latency_ms")
    let data = try Dataset(graphs: graphs, latencies: latencies, matching: .common)
    #expect(data.count == 15284)
    #expect(data.latencies[0] == 3.896706)
    let order = try data.indices(of: SharedData.table("splits").column("p0"))
    let split = try Split(
      training: Array(order[..<900]), validation: Array(order[900..<1000]), test: Array(order[1000...]))
    #expect(split.count == 15284)
    #expect(data[split.training].graphs[0].id == "927")
    #expect(try GraphEncoding.brpNASBench201.encode(data[split.test].graphs).rowCount == 9 * 14284)
  }
}
