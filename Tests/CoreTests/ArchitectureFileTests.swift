import Foundation
import Testing

@testable import Core

@Suite struct ArchitectureFileTests {
  private static let good = #"{"id":"p0","nodes":[{"op":"input"},{"op":"output"}],"edges":[[0,1]]}"#

  @Test func readsWhatALineSays() throws {
    let files = try TemporaryFiles([
      "a.jsonl": "\u{FEFF}" + Self.good + "\r\n\n"
        + #"""
         { "pruned_units" : 3, "pruned" : true, "note" : {"by":["x", null, -1.5e3]}, "edges" : [ [0 , 1] ],
        """#.replacingOccurrences(of: "\n", with: " ") + #"""
           "id" : "\u526a\"枝", "nodes" : [ {"op":"conv", "kernel":3, "stride":null, "pads":[1,1]}, {"op":"relu"} ] }
          """#
    ])
    let graphs = try NetworkGraph.load(files.path("a.jsonl"))
    #expect(graphs.map(\.id) == ["p0", "剪\"枝"])
    #expect(graphs[1].nodes == [Node(.convolution, kernel: 3), Node(.relu)])
    #expect(graphs[1].edges == [Edge(0, 1)])
    #expect(graphs[1].properties == ["pruned_units": 3, "pruned": 1])
  }

  @Test func numbersMayBeIDs() throws {
    let files = try TemporaryFiles(["a.jsonl": #"{"id":17,"nodes":[{"op":"input"}],"edges":[]}"#])
    #expect(try NetworkGraph.load(files.path("a.jsonl")).map(\.id) == ["17"])
  }

  struct Bad: CustomTestStringConvertible, Sendable {
    var line: String
    var message: String
    var testDescription: String { message }
  }

  /// Each bad line is the second line of the file, after a good one.
  @Test(arguments: [
    Bad(
      line: #"{"id":"p1","nodes":[{"op":"inp"#,
      message: "a.jsonl:2:27: the string that begins here has no end\n  The line may be cut off."),
    Bad(
      line: #"{"id":"p1","nodes":[{"op":"input"}],"edges":[["#,
      message: "a.jsonl:2:47: a number was expected, but here is the end of the line\n  The line may be cut off."),
    Bad(line: "hello", message: "a.jsonl:2:1: an object was expected, but here is hello"),
    Bad(
      line: #"{"id":"p1" "nodes":[]}"#, message: #"a.jsonl:2:12: "," or "}" was expected, but here is "nodes":["#),
    Bad(line: good + "}", message: "a.jsonl:2:69: the end of the line was expected, but here is }"),
    Bad(
      line: #"{"nodes":[{"op":"input"}],"edges":[]}"#,
      message: """
        a.jsonl:2:1: the architecture has no "id"
          A line reads {"id":...,"nodes":[{"op":...},...],"edges":[[0,1],...]}.
        """),
    Bad(line: #"{"id":"","nodes":[],"edges":[]}"#, message: "a.jsonl:2:7: the id is empty"),
    Bad(
      line: #"{"id":"p1","nodes":[{"op":"input"},{"op":"relo"}],"edges":[[0,1]]}"#,
      message: """
        a.jsonl:2:36: "p1": node 1 has the unknown operation "relo"
          Did you mean "relu"? Add an operation of your own with OperationRegistry.standard.adding(...).
        """),
    Bad(
      line: #"{"id":"p1","nodes":[{"op":"conv","kernel":-3}],"edges":[]}"#,
      message: """
        a.jsonl:2:21: "p1": "kernel" of node 0 (conv) is -3
          It must be from 1 to 2147483646; leave it out where the operation has none.
        """),
    Bad(
      line: #"{"id":"p1","nodes":[{"op":"conv","kernel":2.5}],"edges":[]}"#,
      message: "a.jsonl:2:43: a whole number was expected, but here is 2.5"),
    Bad(
      line: #"{"id":"p1","nodes":[{"op":"conv","kernal":3}],"edges":[]}"#,
      message: "a.jsonl:2:43: a node has no attribute \"kernal\"\n  Did you mean \"kernel\"?"),
    Bad(
      line: #"{"id":"p1","nodes":[{"kernel":3}],"edges":[]}"#,
      message: "a.jsonl:2:21: the node has no \"op\"\n  A node reads {\"op\":\"conv\",\"kernel\":3,...}."),
    Bad(
      line: #"{"id":"p1","nodes":[{"op":"relu"},{"op":"relu"}],"edges":[[0,1],[1,0]]}"#,
      message: """
        a.jsonl:2:1: "p1": the edges form a cycle: 0 -> 1 -> 0
          Data flows from a network's input to its output; remove or reverse one of these edges.
        """),
    Bad(
      line: #"{"id":"p1","nodes":[{"op":"relu"},{"op":"relu"}],"edges":[[0,1],[0,7]]}"#,
      message: """
        a.jsonl:2:65: "p1": edge 1, [0,7], joins node 7, but the nodes are 0 to 1
          An edge is a pair of node indices counted from 0.
        """),
    Bad(
      line: #"{"id":"p1","nodes":[{"op":"relu"},{"op":"relu"}],"edges":[[0,1,2]]}"#,
      message: "a.jsonl:2:59: the edge has 3 ends\n  An edge is a pair of node indices, [from,to]."),
    Bad(
      line: good,
      message: "a.jsonl:2: the id \"p0\" is taken already by line 1\n  Every architecture needs an id of its own."),
    Bad(
      line: #"{"id":"p1","x":"# + String(repeating: "[", count: 5000),
      message: "a.jsonl:2:216: values are nested more than 200 deep"),
    Bad(line: #"{"id":"p1","depth":1e999}"#, message: "a.jsonl:2:20: 1e999 is not a number"),
  ])
  func badLines(_ bad: Bad) throws {
    let files = try TemporaryFiles(["a.jsonl": Self.good + "\n" + bad.line + "\n"])
    #expect(try files.message { _ = try NetworkGraph.load($0.path("a.jsonl")) } == bad.message)
  }

  @Test func emptyAndAbsentFiles() throws {
    let files = try TemporaryFiles(["a.jsonl": "\n \n"])
    #expect(
      try files.message { _ = try NetworkGraph.load($0.path("a.jsonl")) } == """
        a.jsonl: the file has no architectures
          It needs a line {"id":...,"nodes":[...],"edges":[...]} for each.
        """)
    #expect(
      try files.message { _ = try NetworkGraph.load($0.path("b.jsonl")) }
        .hasPrefix("b.jsonl: there is no such file"))
  }
}
