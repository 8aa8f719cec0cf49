import Foundation
import Numerics
import Testing

@testable import Core

@Suite struct FewShotTests {
  /// Cells with random operations, and devices on which each operation has its own cost.
  static let cells: [NetworkGraph] = {
    var random = SeededGenerator(seed: 1)
    var seen = Set<[NetworkOperation]>()
    var graphs: [NetworkGraph] = []
    while graphs.count < 160 {
      let operations = (0..<6).map { _ in NASBench201.operations[Int.random(in: 0..<5, using: &random)] }
      guard seen.insert(operations).inserted else { continue }
      graphs.append(NASBench201.graph(operations, id: "\(graphs.count)", .unpruned, properties: [:]))
    }
    return graphs
  }()

  static func latency(_ graph: NetworkGraph, _ prices: [Double]) -> Double {
    graph.nodes.reduce(2) { sum, node in
      sum + (NASBench201.operations.firstIndex(of: node.operation).map { prices[$0] } ?? 0)
    }
  }

  static let sources = Result {
    try LatencyData(
      graphs: cells, devices: ["a", "b"],
      measurements: [[0, 0.1, 1, 3, 0.5], [0, 0.3, 2, 2.5, 1]].map { prices in
        cells.map { Measurement(latency($0, prices)) }
      })
  }

  static func target() throws -> Dataset {
    try Dataset(device: "new", graphs: cells, latencies: cells.map { latency($0, [0, 0.2, 1, 5, 2]) })
  }

  private var split: Split { get throws { try Split(training: Array(0..<12), validation: [], test: Array(60..<160)) } }

  @Test func predictsANewDeviceBetterThanTheNearest() throws {
    let sources = try Self.sources.get()
    let data = try Self.target()
    func share(_ recipe: some TransferRecipe) throws -> Double {
      try recipe.pretrain(on: sources).fit(to: data, split: split).predictor.evaluate(on: data[split.test])
        .meanAbsolutePercentageError
    }
    let few = try share(FewShotTransfer(seed: 1))
    #expect(try few < share(NearestDevice()))
    #expect(few < 0.06)
    #expect(try share(AdditiveTransfer(seed: 1)) < 0.15)
  }

  @Test(arguments: [0, 1]) func isHandedOnSavedAndOpened(_ index: Int) throws {
    let data = try Self.target()
    func check(_ recipe: some TransferRecipe) throws {
      let known = try recipe.pretrain(on: Self.sources.get())
      #expect(try handedOn(known) == known)
      #expect(try handedOn(AnyRecipe(known)) == AnyRecipe(known))
      let fit = try known.fit(to: data, split: split)
      #expect(try handedOn(fit) == fit)
      #expect(fit.predictor.device == "new")
      let opened = try AnyPredictor(safetensors: fit.predictor.safetensors(), at: Place(file: "p"))
      #expect(opened == AnyPredictor(fit.predictor))
      #expect(try opened.predict(data.graphs) == fit.predictor.predict(data.graphs))
      // The same training gives the same bits with any number of threads.
      var context = TrainingContext.current
      context.threads = 1
      #expect(try context.run { try recipe.pretrain(on: Self.sources.get()).fit(to: data, split: split) } == fit)
    }
    if index == 0 {
      try check(FewShotTransfer(learnsShares: true, seed: 1))
    } else {
      try check(AdditiveTransfer(seed: 1))
    }
  }

  /// Networks of two nodes, of which none, the second one, and both are additions. Let s = (-1, 0, 1) and
  /// t = (1, -2, 1). The matrix of the products of the networks' centred one-hot rows has the eigenvector s with the
  /// eigenvalue 2, and t with 2/3.
  ///
  /// The logarithms of both known devices' latencies are a constant plus a multiple of t, so their functions are too,
  /// and the matrix of the products of these two, scaled to deviation 1, is t t' with the eigenvalue 6. The new
  /// device's logarithms are 2 + t + 0.2 s.
  ///
  /// 1. The regression on the known functions has the least left-out error with the penalty 0.1, and keeps 6 / 6.1 of t
  ///    and nothing of s.
  /// 2. The rest is t / 61 + 0.2 s. The regression on the places has the least left-out error with the penalty 1, and
  ///    keeps (2/3) / (5/3) = 0.4 of its t and 2 / 3 of its s.
  @Test func additiveTransferIsComputedByHand() throws {
    let nodes = [[Node(.relu), Node(.relu)], [Node(.relu), Node(.add)], [Node(.add), Node(.add)]]
    let graphs = try nodes.enumerated().map { try chain("\($0)", $1) }
    let (s, t) = ([-1.0, 0, 1], [1.0, -2, 1])
    let sources = try LatencyData(
      graphs: graphs, devices: ["a", "b"],
      measurements: [t.map { Measurement(exp($0)) }, t.map { Measurement(exp(2 - $0 / 2)) }])
    let logarithms = zip(s, t).map { 2 + $1 + 0.2 * $0 }
    let target = try Dataset(device: "new", graphs: graphs, latencies: logarithms.map { exp($0) })
    let predictor = try AdditiveTransfer(seed: 1).pretrain(on: sources).fit(
      to: target, split: Split(training: [0, 1, 2], validation: [], test: [])
    ).predictor
    let ofS = 0.2 * 2 / 3
    let ofT = 6 / 6.1 + 0.4 / 61
    let expected = zip(s, t).map { 2 + ofT * $1 + ofS * $0 }
    #expect(zip(try predictor.predict(graphs), expected).allSatisfy { abs(log($0) - $1) < 1e-9 })
    // The function is additive: an addition at the first place alone makes the difference between the third network and
    // the second one.
    let fourth = try chain("3", [Node(.add), Node(.relu)])
    #expect(
      abs(log(try predictor.predict([fourth])[0]) - (expected[0] + expected[2] - expected[1])) < 1e-9)
  }

  /// A node at a place where all known networks differ may have an operation that none of them has.
  @Test(arguments: [0, 1]) func operationsThatNoKnownNetworkHasAreNamed(_ index: Int) throws {
    let data = try Self.target()
    func check(_ recipe: some TransferRecipe) throws {
      let predictor = try recipe.pretrain(on: Self.sources.get()).fit(to: data, split: split).predictor
      #expect(predictor.warnings(for: data.graphs).isEmpty)
      var nodes = data.samples[0].graph.nodes
      nodes[3] = Node("silu")
      let graph = try NetworkGraph(id: "new", nodes: nodes, edges: data.samples[0].graph.edges)
      #expect(try predictor.predict([graph])[0] > 0)
      #expect(
        AnyPredictor(predictor).warnings(for: [graph]).map(\.description) == [
          "node 3 of \"new\" (silu): no known network has this operation, so it is like no known node at its place"
        ])
      nodes[3] = data.samples[0].graph.nodes[3]
      nodes[0] = Node("silu")
      let first = try NetworkGraph(id: "new", nodes: nodes, edges: data.samples[0].graph.edges)
      #expect(
        predictor.warnings(for: [first]).map(\.cause) == [
          "no known network has this operation, so only its sizes count, because known networks are equal at its place"
        ])
      // Predicting networks with another number of nodes is an error.
      let longer = try NetworkGraph(id: "longer", nodes: nodes + nodes, edges: [])
      #expect(predictor.warnings(for: [longer]).isEmpty)
    }
    if index == 0 {
      try check(FewShotTransfer(seed: 1))
    } else {
      try check(AdditiveTransfer(seed: 1))
    }
  }

  /// The predicted errors have the size of the actual errors.
  @Test func spreadsAreOfTheSizeOfErrors() throws {
    let data = try Self.target()
    let fit = try FewShotTransfer(seed: 1).pretrain(on: Self.sources.get()).fit(to: data, split: split)
    let test = try data[split.test]
    let scores = try zip(fit.predictor.estimate(test.graphs), test.latencies).map {
      abs(log($0.latency / $1)) / ($0.spread ?? 0)
    }
    let covered = Double(scores.count { $0 < 2 }) / Double(scores.count)
    #expect(covered > 0.8)
  }

  /// The samples are distinct and ordered by information, so that fewer samples are a prefix of more.
  @Test func choosesDistinctNetworks() throws {
    let known = try FewShotTransfer(seed: 1).pretrain(on: Self.sources.get())
    let chosen = try known.chooseNetworks(10, from: Self.cells, seed: 2)
    #expect(Set(chosen).count == 10)
    #expect(try known.chooseNetworks(10, from: Self.cells, seed: 2) == chosen)
    #expect(try known.chooseNetworks(4, from: Self.cells, seed: 2) == Array(chosen.prefix(4)))
    #expect(
      try message { _ = try known.chooseNetworks(161, from: Self.cells) }
        == "161 networks can't be chosen from 160\n  Choose at least 1 and at most all of them.")
  }

  @Test func networksOfDifferentSizesAreComparedBySums() throws {
    let graphs = try (1...20).map { try chain("\($0)", Array(repeating: Node(.relu), count: $0)) }
    let sources = try LatencyData(
      graphs: graphs, devices: ["even"], measurements: [(1...20).map { Measurement(Double($0)) }])
    let new = try Dataset(device: "new", graphs: graphs, latencies: (1...20).map { 3 * Double($0) })
    let few = try Split(training: [1, 9, 17], validation: [], test: [12])
    let fit = try FewShotTransfer(seed: 1).pretrain(on: sources).fit(to: new, split: few)
    #expect(
      fit.predictor.warnings == [
        "the known networks have different numbers of nodes: they are compared by sums of their operations, without "
          + "regard to order"
      ])
    #expect(abs(try fit.predictor.predict([graphs[12]])[0] / 39 - 1) < 0.1)
    #expect(
      try message { _ = try fit.predictor.predict([chain("other", [Node(.add)])]) }.hasPrefix(
        "\"other\" has the operation \"add\", which no training graph had\n"))
  }

  /// Predictions are finite and above 0 with one sample, two samples, equal samples, a single device, and ties.
  @Test func fewAndEqualSamplesAreEnough() throws {
    let sources = try Self.sources.get()
    let data = try Self.target()
    let equal = try Dataset(device: "new", graphs: Self.cells, latencies: Self.cells.map { _ in 5 })
    for known in [sources, try sources.selecting(["a"])] {
      for (samples, target) in [(1, data), (2, data), (12, equal)] {
        let part = try Split(training: Array(0..<samples), validation: [], test: [])
        let predictions = try [
          FewShotTransfer(seed: 1).pretrain(on: known).fit(to: target, split: part).predictor.predict(Self.cells),
          AdditiveTransfer(seed: 1).pretrain(on: known).fit(to: target, split: part).predictor.predict(Self.cells),
        ]
        #expect(predictions.joined().allSatisfy { $0 > 0 && $0 < 1000 })
      }
    }
  }

  /// Devices may have no network in common.
  @Test func devicesNeedNoCommonNetworks() throws {
    let apart = try LatencyData(
      graphs: Self.cells, devices: ["a", "b"],
      measurements: [
        Self.cells.indices.map { $0 < 80 ? Measurement(Self.latency(Self.cells[$0], [0, 0.1, 1, 3, 0.5])) : nil },
        Self.cells.indices.map { $0 < 80 ? nil : Measurement(Self.latency(Self.cells[$0], [0, 0.3, 2, 2.5, 1])) },
      ])
    let fit = try FewShotTransfer(seed: 1).pretrain(on: apart).fit(to: Self.target(), split: split)
    #expect(try fit.predictor.evaluate(on: Self.target()[split.test]).meanAbsolutePercentageError < 0.1)
  }

  @Test func whatItCanNotDo() throws {
    let sources = try Self.sources.get()
    let data = try Self.target()
    #expect(
      try message { _ = try FewShotTransfer().fit(to: data, split: split) } == """
        the recipe is not pretrained, so that it knows no devices
          Call pretrain(on:) with data of several devices first.
        """)
    #expect(
      try message { _ = try FewShotTransfer().pretrain(on: sources.selecting([])) }
        == "the data has no devices to learn from\n  Give data of at least one device.")
    let empty = try LatencyData(
      graphs: Self.cells, devices: ["a", "none"],
      measurements: [Self.cells.map { _ in Measurement(1) }, Self.cells.map { _ in nil }])
    #expect(
      try message { _ = try FewShotTransfer().pretrain(on: empty) }
        == "the device \"none\" has no measurements\n  Leave the device out, or measure networks on it.")
    let alike = try LatencyData(
      graphs: [Self.cells[0], Self.cells[0].with(id: "again")], devices: ["a"],
      measurements: [[Measurement(1), Measurement(2)]])
    #expect(
      try message { _ = try FewShotTransfer().pretrain(on: alike) }
        == "all 2 known networks are equal\n  Give networks that differ in some operation or size.")
    var other = data
    other.unit = "s"
    let known = try FewShotTransfer(seed: 1).pretrain(on: sources)
    #expect(
      try message { _ = try known.fit(to: other, split: split) }
        == "the source devices' latencies are in ms, those of \"new\" in s\n  Load both in the same unit.")
    #expect(
      try message { _ = try known.fit(to: data, split: split).predictor.predict([chain("long", [Node(.relu)])]) } == """
        "long" has 1 nodes, but the known networks have 8
          Encode it in the same way, or train on networks of different sizes too.
        """)
  }
}
