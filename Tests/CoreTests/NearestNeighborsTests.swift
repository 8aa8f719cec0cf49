import Foundation
import Numerics
import Testing

@testable import Core

@Suite struct NearestNeighborsTests {
  /// Chains of 1, 2, 4 and 8 nodes that take 1, 2, 4 and 8 ms. The only feature is the number of nodes.
  private var data: Dataset {
    get throws {
      let lengths = [1, 2, 4, 8]
      return try Dataset(
        device: "d", graphs: lengths.map { try chain("\($0)", Array(repeating: Node(.relu), count: $0)) },
        latencies: lengths.map(Double.init))
    }
  }

  private func fit(_ k: Int) throws -> Fit<NearestNeighbors> {
    try NearestNeighbors(k: k).fit(to: data, split: Split(training: [0, 1, 2, 3], validation: [], test: []))
  }

  /// Three nodes are as far from two as from four, so the prediction is the geometric mean of 2 and 4, and the spread
  /// half their distance in logarithms.
  @Test func predictsTheGeometricMeanOfTheNearest() throws {
    let three = try chain("three", Array(repeating: Node(.relu), count: 3))
    let estimate = try fit(2).predictor.estimate([three])[0]
    #expect(abs(estimate.latency - 8.0.squareRoot()) < 1e-9)
    #expect(abs((estimate.spread ?? 0) - log(2) / 2) < 1e-9)
    // Five nodes are nearer to four than to eight; one neighbour gives no spread.
    let nearest = try fit(1).predictor.estimate([chain("five", Array(repeating: Node(.relu), count: 5))])[0]
    #expect(abs(nearest.latency - 4) < 1e-12)
    #expect(nearest.spread == nil)
  }

  @Test func knowsWhatItHasSeen() throws {
    for (latency, graph) in zip([1.0, 2, 4, 8], try data.graphs) {
      #expect(abs(try fit(4).predictor.predict([graph])[0] - latency) < 1e-6)
    }
    #expect(try fit(99).predictor.predict(data.graphs).count == 4)
  }

  /// The selection is the beginning of the sorted neighbours. Many of the distances are equal.
  @Test(arguments: [1, 2, 3, 7, 50, 199, 200]) func selectsTheNearest(count: Int) {
    var random = SeededGenerator(seed: 7)
    for kinds in [3, 40, 1_000_000] {
      let distances = (0..<200).map { _ in Double(Int.random(in: 0..<kinds, using: &random)) }
      var selection = NearestSelection(count: count)
      for (sample, distance) in distances.enumerated() {
        selection.add(Neighbour(sample: sample, distance: distance))
      }
      let sorted = distances.indices.sorted { (distances[$0], $0) < (distances[$1], $1) }
      #expect(selection.nearest == sorted.prefix(count).map { Neighbour(sample: $0, distance: distances[$0]) })
    }
  }

  /// The distances are computed as in the definition, one network after the other. Some cells have equal features, so
  /// that distances are tied.
  /// Cells have no sizes, so that only numbers of operations are compared; pruned networks differ in sizes.
  @Test(arguments: [false, true]) func manyAtOnceAreTheSameAsOneByOne(_ haveSizes: Bool) throws {
    let networks = haveSizes ? try PrunedResNet.load("epyc-ort-1t") : nil
    let cells = networks?.graphs ?? FewShotTests.cells
    let data = try Dataset(
      device: "d", graphs: Array(cells.prefix(60)),
      latencies: networks.map { Array($0.latencies.prefix(60)) }
        ?? cells.prefix(60).map { FewShotTests.latency($0, [0, 0.1, 1, 3, 0.5]) })
    let predictor = try NearestNeighbors(k: 4).fit(
      to: data, split: Split(training: Array(0..<60), validation: [], test: [])
    ).predictor
    func row(_ graph: NetworkGraph) -> [Double] {
      let sums = graph.operationSums(registry: .standard)
      return zip(predictor.terms, predictor.deviations).map { (sums[$0] ?? 0) / $1 }
    }
    let rows = data.graphs.map(row)
    let expected = cells.map { cell -> Double in
      let wanted = row(cell)
      let distances = rows.map { row in
        zip(row, wanted).reduce(0.0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
      }
      let nearest = distances.indices.sorted { (distances[$0], $0) < (distances[$1], $1) }.prefix(4)
      let weights = nearest.map { 1 / (distances[$0] + 1e-9) }
      let sum = zip(nearest, weights).reduce(0.0) { $0 + CorrectlyRounded.log(data.latencies[$1.0]) * $1.1 }
      return CorrectlyRounded.exp(sum / weights.reduce(0, +))
    }
    #expect(try predictor.predict(cells) == expected)
    #expect(try cells.map { try predictor.predict([$0])[0] } == expected)
    #expect(try predictor.predict([]) == [])
    for threads in [1, 3] {
      var context = TrainingContext.current
      context.threads = threads
      #expect(try context.run { try predictor.estimate(cells) } == predictor.estimate(cells))
    }
  }

  @Test func whatItCanNotDo() throws {
    #expect(
      try message { _ = try fit(0) }
        == "the number of nearest neighbours is 0\n  Use at least 1; 5 is usual.")
    let other = try chain("other", [Node(.convolution, kernel: 3)])
    #expect(
      try message { _ = try fit(1).predictor.predict([other]) }.hasPrefix(
        "\"other\" has the operation \"conv\", which no training graph had\n"))
    let scaled = ScaledTargets(.logarithmic, NearestNeighbors())
    #expect(
      try message { _ = try scaled.fit(to: data, split: Split(training: [0, 1, 2, 3], validation: [], test: [])) }
        .hasPrefix("nearest neighbours need latencies above 0, but "))
  }

  /// All these networks come from one supernet and are similar.
  @Test func doesWellOnPrunedResNet() throws {
    let data = try PrunedResNet.load("epyc-ort-1t")
    let split = try data.split(.shuffled(seed: 1))
    let fit = try NearestNeighbors().fit(to: data, split: split)
    #expect(try fit.predictor.evaluate(on: data[split.test]).share(within: 0.2) > 0.7)
  }
}
