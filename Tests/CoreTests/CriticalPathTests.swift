import Testing

@testable import Core

@Suite struct CriticalPathTests {
  /// Networks of two branches, each of up to four nodes of two operations.
  private static let graphs: [NetworkGraph] = {
    var graphs: [NetworkGraph] = []
    for left in 0..<8 {
      for right in 0...left {
        if let graph = try? branches("\(left) \(right)", [kinds(left), kinds(right)]) { graphs.append(graph) }
      }
    }
    return graphs
  }()

  private static func kinds(_ code: Int) -> [Node] {
    (0...code / 2).map { $0 % 2 == code % 2 ? relu : pool }
  }

  private static let relu = Node(.relu)
  private static let pool = Node(.cellAveragePool3x3, kernel: 3, stride: 1)

  /// An input, chains beside each other, and an output.
  private static func branches(_ id: String, _ chains: [[Node]]) throws -> NetworkGraph {
    let nodes = [Node(.input)] + chains.flatMap { $0 } + [Node(.output)]
    var edges: [Edge] = []
    var next = 1
    for chain in chains {
      let path = [0] + Array(next..<next + chain.count) + [nodes.count - 1]
      edges += zip(path, path.dropFirst()).map { Edge($0, $1) }
      next += chain.count
    }
    return try NetworkGraph(id: id, nodes: nodes, edges: edges)
  }

  /// A device that runs all branches at the same time: 1 ms, and that of the slower branch.
  private static func parallel(_ graph: NetworkGraph) -> Double {
    var lengths = [Double](repeating: 0, count: graph.nodes.count)
    for node in graph.topologicalOrder() {
      let before = graph.edges.filter { $0.target == node }.map { lengths[$0.source] }.max() ?? 0
      lengths[node] = before + price(graph.nodes[node])
    }
    return 1 + (lengths.max() ?? 0)
  }

  private static func price(_ node: Node) -> Double { node.operation == .relu ? 1 : node == pool ? 3 : 0 }

  private static func fit(
    _ latency: (NetworkGraph) -> Double, _ recipe: CriticalPath = CriticalPath()
  ) throws -> (data: Dataset, fit: Fit<CriticalPath>) {
    let data = try Dataset(device: "made", graphs: graphs, latencies: graphs.map(latency))
    return (data, try recipe.fit(to: data, split: Split(training: Array(0..<data.count), validation: [], test: [])))
  }

  /// A linear regression can't tell whether branches run at the same time.
  @Test func findsTheSpan() throws {
    let (data, fit) = try Self.fit(Self.parallel)
    #expect(try fit.predictor.evaluate(on: data).share(within: 0.01) == 1)
    #expect(try LinearPredictor(fitting: data).evaluate(on: data).share(within: 0.05) < 0.5)
    let relu = try #require(fit.predictor.prices.first { $0.term.operation == .relu && $0.term.measure == .count })
    #expect(abs(relu.span - 1) < 0.05)
    #expect(abs(relu.work) < 0.05)
    // One branch of a pool, 3 ms, and one of two ReLUs: nodes 0, 1 and the output.
    let graph = try Self.branches("new", [[Self.pool], [Self.relu, Self.relu]])
    #expect(try fit.predictor.criticalPath(of: graph) == [0, 1, 4])
    #expect(abs(try fit.predictor.predict([graph])[0] - 4) < 0.05)
  }

  /// A device that runs one operation after the other has no use for the span.
  @Test func findsThatThereIsNoSpan() throws {
    let (data, fit) = try Self.fit { graph in 1 + graph.nodes.reduce(0) { $0 + Self.price($1) } }
    #expect(try fit.predictor.evaluate(on: data).maxGap < 1e-3)
    #expect(fit.predictor.prices.allSatisfy { $0.span == 0 })
    let graph = try Self.branches("new", [[Self.pool], [Self.relu, Self.relu]])
    #expect(try fit.predictor.criticalPath(of: graph) == [0, 1, 2, 3, 4])
  }

  /// With noise, larger models fit some samples left out by chance: the smallest of about equally good ones is taken.
  @Test func noiseMakesNoSpan() throws {
    var random = SeededGenerator(seed: 3)
    let (_, fit) = try Self.fit { graph in
      (1 + graph.nodes.reduce(0) { $0 + Self.price($1) }) * (0.9 + 0.2 * random.uniform())
    }
    #expect(fit.predictor.prices.allSatisfy { $0.span == 0 && $0.unused == 0 })
  }

  /// Each pair of pools that run at the same time costs 0.5 ms more.
  @Test func findsWhatSlowsDown() throws {
    let pair = OperationPair(.cellAveragePool3x3, .cellAveragePool3x3)
    let (data, fit) = try Self.fit { Self.parallel($0) + 0.5 * ($0.parallelPairs[pair] ?? 0) }
    #expect(try fit.predictor.evaluate(on: data).share(within: 0.02) == 1)
    #expect(abs((fit.predictor.pairPrices[pair] ?? 0) - 0.5) < 0.05)
  }

  /// A fifth of the measurements takes three times as long as it should.
  @Test func outliersHardlyMatter() throws {
    var number = 0
    let (data, fit) = try Self.fit { graph in
      number += 1
      return Self.parallel(graph) * (number % 5 == 0 ? 3 : 1)
    }
    let right = (0..<data.count).filter { $0 % 5 != 4 }
    #expect(try fit.predictor.evaluate(on: data[right]).share(within: 0.03) == 1)
  }

  /// Cells whose nodes lead nowhere: a runtime leaves them out.
  @Test func findsThatUnusedNodesCostNothing() throws {
    let strings = (0..<5).flatMap { first in
      (0..<5).flatMap { last in
        ["none", "skip_connect"].map { middle in
          let names = ["none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3"]
          return "|\(names[first])~0|+|none~0|\(names[last])~1|+|skip_connect~0|\(middle)~1|none~2|"
        }
      }
    }
    let graphs = try strings.map { try NASBench201.Cell($0).graph(id: $0, .unpruned) }
    // Node 2 of the cell is used by nothing, and node 1 by nothing either if the middle is `none`.
    #expect(graphs.allSatisfy { $0.unusedNodes[2] && $0.unusedNodes[3] })
    #expect(graphs.map { $0.unusedNodes[1] } == graphs.indices.map { $0 % 2 == 0 })
    #expect(graphs.allSatisfy { !$0.unusedNodes[4] && !$0.unusedNodes[7] })
    let data = try Dataset(
      device: "made", graphs: graphs,
      latencies: graphs.map { graph in
        zip(graph.nodes, graph.unusedNodes).reduce(2.0) { sum, node in
          sum + (node.1 || node.0.operation != .cellConvolution3x3 ? 0 : 5)
        }
      })
    let fit = try CriticalPath().fit(
      to: data, split: Split(training: Array(0..<data.count), validation: [], test: []))
    #expect(try fit.predictor.evaluate(on: data).share(within: 0.01) == 1)
    let price = try #require(
      fit.predictor.prices.first { $0.term.operation == .cellConvolution3x3 && $0.term.measure == .count })
    #expect(abs(price.work + price.unused) < 0.2)
    #expect(abs(price.work + price.span - 5) < 0.3)
  }

  /// Networks without branches have no other path.
  @Test func chainsAreALinearRegression() throws {
    let graphs = try (1...12).map { try Self.branches("\($0)", [Array(repeating: Self.relu, count: $0)]) }
    #expect(try CriticalPathTerms(fitting: graphs).parts == [])
    #expect(graphs.allSatisfy { $0.parallelPairs.isEmpty })
    let data = try Dataset(device: "made", graphs: graphs, latencies: (1...12).map { 2 + Double($0) })
    let fit = try CriticalPath(penalty: 1e-9).fit(
      to: data, split: Split(training: Array(0..<12), validation: [], test: []))
    #expect(try fit.predictor.evaluate(on: data).maxGap < 1e-5)
  }

  @Test func badInput() throws {
    for (recipe, text) in [
      (CriticalPath(penalty: 0), "the penalty is 0.0\n  It must be a positive number, such as 1e-4."),
      (CriticalPath(huberThreshold: -1), "the threshold is -1.0\n  It must be a positive number; 0.03 is usual."),
      (CriticalPath(starts: 0), "the search begins at 0 prices\n  Use at least 1; 8 is usual."),
    ] {
      #expect(try message { _ = try Self.fit(Self.parallel, recipe) } == text)
    }
    let scaled = ScaledTargets(.logarithmic, CriticalPath())
    let two = try Dataset(device: "made", graphs: Array(Self.graphs.prefix(2)), latencies: [1, 2])
    #expect(
      try message { _ = try scaled.fit(to: two, split: Split(training: [0, 1], validation: [], test: [])) }.hasPrefix(
        "a critical path needs latencies above 0, but "))
    let other = try Self.branches("other", [[Node(.convolution, kernel: 3)]])
    #expect(
      try message { _ = try Self.fit(Self.parallel).fit.predictor.predict([other]) }.hasPrefix(
        "\"other\" has the operation \"conv\", which no training graph had\n"))
    // One and two samples, and equal latencies.
    for count in [1, 2, 5] {
      let data = try Dataset(
        device: "made", graphs: Array(Self.graphs.prefix(count)), latencies: Array(repeating: 2, count: count))
      let fit = try CriticalPath().fit(
        to: data, split: Split(training: Array(0..<count), validation: [], test: []))
      #expect(try fit.predictor.predict(data.graphs).allSatisfy { abs($0 - 2) < 0.1 })
    }
  }
}
