import Foundation
import Testing

@testable import Core

@Suite struct ArchitectureWritingTests {
  @Test func theShippedFileComesOutAsItWentIn() throws {
    let files = try TemporaryFiles([:])
    try NetworkGraph.save(NetworkGraph.load(PrunedResNet.architectures), to: files.path("a.jsonl"))
    let written = try Data(contentsOf: URL(fileURLWithPath: files.path("a.jsonl")))
    #expect(written == (try Data(contentsOf: URL(fileURLWithPath: PrunedResNet.architectures))))
  }

  @Test func whatIsWrittenIsReadAgain() throws {
    let graph = try NetworkGraph(
      id: "剪\"枝\\\n\u{1}",
      nodes: [
        Node(.input), Node(.convolution, kernel: 3, outputChannels: 8, groups: 2, kernelWidth: 1), Node(.output),
      ],
      edges: [Edge(0, 1), Edge(1, 2)], properties: ["b": 0.1, "a": -3, "c": 1e-7, "é": 1e300])
    #expect(
      try graph.architectureLine() == #"""
        {"id":"剪\"枝\\\u000a\u0001","a":-3,"b":0.1,"c":1e-07,"é":1e+300,"nodes":[{"op":"input"},\#
        {"op":"conv","kernel":3,"out_channels":8,"groups":2,"kernel_width":1},{"op":"output"}],"edges":[[0,1],[1,2]]}
        """#)
    let files = try TemporaryFiles([:])
    try NetworkGraph.save([graph], to: files.path("a.jsonl"))
    #expect(try NetworkGraph.load(files.path("a.jsonl")) == [graph])
  }

  @Test func whatCannotBeWritten() throws {
    let graph = try NetworkGraph(id: "p", nodes: [Node(.input)], edges: [])
    let files = try TemporaryFiles([:])
    func message(_ graphs: [NetworkGraph], _ name: String = "a.jsonl") throws -> String {
      try files.message { try NetworkGraph.save(graphs, to: $0.path(name)) }
    }
    #expect(
      try message([graph, graph])
        == "a.jsonl: two architectures have the id \"p\"\n  Every architecture needs an id of its own.")
    #expect(
      try message([graph.with(properties: ["x": .nan])]) == """
        the property "x" of "p", nan, can't be written
          Properties are finite numbers under names other than id, nodes and edges.
        """)
    #expect(try message([graph.with(properties: ["edges": 1])]).hasPrefix("the property \"edges\" of \"p\", 1.0"))
    #expect(try message([graph], "none/a.jsonl").hasPrefix("none/a.jsonl: the file can't be written"))
  }
}
