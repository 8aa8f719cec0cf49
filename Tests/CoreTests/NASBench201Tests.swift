import Testing

@testable import Core

/// Cell `index`, whose base-5 digits are the operations of the edges, as in Tests/Reference/nasbench201_encoding.py.
func cell(_ index: Int) throws -> NASBench201.Cell {
  var rest = index
  return try NASBench201.Cell(
    operations: (0..<6).map { _ in
      defer { rest /= 5 }
      return NASBench201.operations[rest % 5]
    })
}

@Suite struct NASBench201Tests {
  @Test func everyCellReadsItsOwnString() throws {
    for index in 0..<15625 {
      let cell = try cell(index)
      #expect(try NASBench201.Cell(cell.description) == cell)
    }
  }

  @Test func strings() throws {
    let text = "|nor_conv_3x3~0|+|nor_conv_3x3~0|avg_pool_3x3~1|+|skip_connect~0|nor_conv_1x1~1|none~2|"
    let cell = try NASBench201.Cell(text)
    #expect(cell.description == text)
    #expect(
      cell.operations.map(\.rawValue) == [
        "nor_conv_3x3", "nor_conv_3x3", "avg_pool_3x3", "skip_connect", "nor_conv_1x1", "none",
      ])
  }

  @Test(arguments: [
    ("", 1, "\"|\" was expected, but the string ends", "A cell reads |op~0|+|op~0|op~1|+|op~0|op~1|op~2|."),
    (
      "|none~0|+|none~0|none~1|+|none~0|none~1|", 41, "\"\" is not an operation of NAS-Bench-201",
      #"The operations are "none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3"."#
    ),
    (
      "|nor_conv_3x4~0|+|none~0|none~1|+|none~0|none~1|none~2|", 2,
      "\"nor_conv_3x4\" is not an operation of NAS-Bench-201",
      #"Did you mean "nor_conv_3x3"? "#
        + #"The operations are "none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3"."#
    ),
    (
      "|none~1|+|none~0|none~1|+|none~0|none~1|none~2|", 7, "\"0\" was expected, but found \"1\"",
      "A cell reads |op~0|+|op~0|op~1|+|op~0|op~1|op~2|."
    ),
    (
      "|none~0|none~0|none~1|+|none~0|none~1|none~2|", 9, "\"+\" was expected, but found \"n\"",
      "A cell reads |op~0|+|op~0|op~1|+|op~0|op~1|op~2|."
    ),
    (
      "|none~0|+|none~0|none~1|+|none~0|none~1|none~2| ", 48, "the end was expected, but found \" \"",
      "A cell reads |op~0|+|op~0|op~1|+|op~0|op~1|op~2|."
    ),
  ])
  func wrongStrings(_ text: String, _ column: Int, _ cause: String, _ remedy: String) throws {
    #expect(
      try message { _ = try NASBench201.Cell(text) }
        == "the cell \"\(text)\" is wrong at its column \(column): \(cause)\n  \(remedy)")
  }

  @Test func prunedForm() throws {
    // Edge 0-1 is a 3x3 convolution, 0-2 a 1x1 convolution, 1-2 a skip connection and 2-3 pooling; 0-3 and 1-3 are
    // cut.
    let cell = try NASBench201.Cell(
      "|nor_conv_3x3~0|+|nor_conv_1x1~0|skip_connect~1|+|none~0|none~1|avg_pool_3x3~2|")
    let graph = cell.graph(id: "a", .pruned)
    #expect(
      graph.nodes.map(\.operation.rawValue) == [
        "input", "nor_conv_3x3", "nor_conv_1x1", "removed", "removed", "removed", "avg_pool_3x3", "output",
      ])
    #expect(graph.edges == [Edge(0, 1), Edge(0, 2), Edge(1, 6), Edge(2, 6), Edge(6, 7)])
    #expect(graph.nodes[1][.kernel] == 3)
    #expect(graph.nodes[2][.kernel] == 1)
    #expect(cell.isConnected)
  }

  @Test func deadBranchesGo() throws {
    // Edge 0-1 is a convolution whose output isn't used.
    let cell = try NASBench201.Cell("|nor_conv_3x3~0|+|none~0|none~1|+|skip_connect~0|none~1|avg_pool_3x3~2|")
    let graph = cell.graph(id: "a", .pruned)
    #expect(graph.edges == [Edge(0, 7)])
    #expect(graph.nodes.count { $0.operation != .removed } == 2)
  }

  @Test func unprunedForm() throws {
    let cell = try NASBench201.Cell("|nor_conv_3x3~0|+|none~0|none~1|+|skip_connect~0|none~1|avg_pool_3x3~2|")
    let graph = cell.graph(id: "a", .unpruned, properties: ["flops": 1])
    #expect(
      graph.nodes.map(\.operation.rawValue) == [
        "input", "nor_conv_3x3", "none", "none", "skip_connect", "none", "avg_pool_3x3", "output",
      ])
    #expect(
      graph.edges == [
        Edge(0, 1), Edge(0, 2), Edge(0, 4), Edge(1, 3), Edge(1, 5), Edge(2, 6), Edge(3, 6), Edge(4, 7), Edge(5, 7),
        Edge(6, 7),
      ])
    #expect(graph.properties == ["flops": 1])
  }

  @Test func aCellWithoutAPathHasNothingLeft() throws {
    let cell = try cell(0)
    #expect(!cell.isConnected)
    let graph = cell.graph(id: "0", .pruned)
    #expect(graph.nodes.allSatisfy { $0.operation == .removed })
    #expect(graph.edges.isEmpty)
  }

  @Test func tables() throws {
    let strings = try [1562, 7812].map { try cell($0).description }
    let files = try TemporaryFiles([
      "good.csv": "arch,arch_str\n1562,\(strings[0])\n7812,\(strings[1])\n",
      "wrong.csv": "arch,arch_str\n0,\(strings[0].replacing("~1", with: "-1"))\n",
      "twice.csv": "arch,arch_str\n0,\(strings[0])\n0,\(strings[1])\n",
    ])
    let graphs = try NASBench201.load(files.path("good.csv"), .unpruned)
    #expect(try graphs == [1562, 7812].map { try cell($0).graph(id: "\($0)", .unpruned) })
    #expect(
      try files.message { _ = try NASBench201.load($0.path("wrong.csv"), .pruned) }
        .hasPrefix("wrong.csv:2:3: the cell \"|"))
    #expect(
      try files.message { _ = try NASBench201.load($0.path("twice.csv"), .pruned) } == """
        twice.csv:3:1: the id "0" is taken already by line 2
          Every architecture needs an id of its own.
        """)
  }

  @Test(.enabled(if: SharedData.isPresent))
  func agreesWithTheTablesOfAllCells() throws {
    let table = try SharedData.table("archs")
    let strings = try table.column("arch_str")
    let digits = try table.column("ops")
    let connected = try table.column("connected")
    let networks = try table.column("eagle_graph")
    var networkOfGraph: [NetworkGraph: String] = [:]
    for index in table.rows.indices {
      let cell = try NASBench201.Cell(strings[index])
      let numbers = cell.operations.map { NASBench201.operations.firstIndex(of: $0).map(String.init) ?? "?" }
      #expect(numbers.joined() == digits[index])
      #expect(cell.isConnected == (connected[index] == "1"))
      networkOfGraph[cell.graph(id: "", .pruned)] = networks[index]
      #expect(networkOfGraph[cell.graph(id: "", .pruned)] == networks[index])
    }
    #expect(networkOfGraph.count == Set(networks).count)
  }
}
