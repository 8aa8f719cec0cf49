import Foundation
import Numerics
import Testing

@testable import Core

@Suite struct GaussianProcessTests {
  /// Earlier versions stored the first three settings.
  @Test func storedRecipesOfEarlierVersionsAreRead() throws {
    let old = Data(#"{"restarts":2,"steps":7,"likelihoodSamples":50}"#.utf8)
    let recipe = GaussianProcessRegression(restarts: 2, steps: 7, likelihoodSamples: 50, samples: .max)
    #expect(try JSONDecoder().decode(GaussianProcessRegression.self, from: old) == recipe)
    let other = GaussianProcessRegression(samples: 9, context: [.successors])
    #expect(try JSONDecoder().decode(GaussianProcessRegression.self, from: JSONEncoder().encode(other)) == other)
  }

  /// The gradient equals central differences.
  @Test func gradientIsThatOfTheLikelihood() throws {
    var random = SeededGenerator(seed: 4)
    let rows = (0..<12).map { _ in (0..<3).map { _ in random.uniform() * 4 - 2 } }
    let search = RelevanceSearch(rows: rows, targets: rows.map { sin($0[0]) + 0.1 * $0[1] })
    let centre = [0, 0, -3, -0.5, -0.5, -0.5]
    let point = [0.2, -0.3, -2.5, -0.2, -0.9, -1.4]
    let (_, gradient) = try #require(search.evaluate(point, centre))
    for index in point.indices {
      func loss(_ step: Double) throws -> Double {
        var moved = point
        moved[index] += step
        return try #require(search.evaluate(moved, centre)).loss
      }
      #expect(abs(try (loss(1e-5) - loss(-1e-5)) / 2e-5 - gradient[index]) < 1e-5)
    }
  }

  /// Chains of 1, 2 and 3 ReLUs take 1, 2 and 4 ms. Their only feature, the number of nodes n, is scaled to
  /// x = (n - 2) s with s = sqrt(3/2), and the logarithms to y = (-s, 0, s). Without steps the kernel is that of the
  /// start: exp(-(x - x')^2 / 2) + x x', with the noise v = 0.05 + 1e-6.
  ///
  /// By symmetry, the factors are (-c, 0, c), and the last row of the equations is (k(s, s) + v - k(s, -s)) c = s,
  /// where k(s, s) = 1 + 1.5 and k(s, -s) = exp(-3) - 1.5. The latency of n nodes is 2^(1 + m / s) with
  /// m = c (k(x, s) - k(x, -s)), because the deviation of the logarithms is log(2) / s.
  @Test func threeSamplesAreComputedByHand() throws {
    let graphs = try (1...4).map { try chain("\($0)", Array(repeating: Node(.relu), count: $0)) }
    let data = try Dataset(device: "d", graphs: Array(graphs.prefix(3)), latencies: [1, 2, 4])
    let predictor = try GaussianProcessRegression(restarts: 1, steps: 0).fit(
      to: data, split: Split(training: [0, 1, 2], validation: [], test: [])
    ).predictor
    #expect(predictor.columns.columns.count == 1)
    let s = 1.5.squareRoot()
    let v = 0.05 + 1e-6
    func kernel(_ x: Double, _ other: Double) -> Double {
      let distance = (x - other) * (x - other)
      return exp(-distance / 2) + x * other
    }
    let c = s / (kernel(s, s) + v - kernel(s, -s))
    let estimates = try predictor.estimate(graphs)
    for (number, estimate) in estimates.enumerated() {
      let x = (Double(number) - 1) * s
      let mean = c * (kernel(x, s) - kernel(x, -s))
      #expect(abs(estimate.latency / pow(2, 1 + mean / s) - 1) < 1e-9)
    }
    #expect(abs(estimates[3].latency - 6.138) < 1e-3)
    // In the middle, x = 0, the covariances are (q, 1, q) with q = exp(-0.75). The variance that they explain is that
    // of the symmetric vectors (1, 0, 1) / sqrt(2) and (0, 1, 0), for which the matrix is [[p, r], [r, 1 + v]] with
    // p = k(s, s) + v + k(s, -s) and r = sqrt(2) q, and the covariances are (r, 1).
    let p = kernel(s, s) + v + kernel(s, -s)
    let squared = 2 * exp(-1.5)
    let explained = ((1 + v) * squared - 2 * squared + p) / (p * (1 + v) - squared)
    let spread = log(2.0) / s * (1 - explained + v).squareRoot()
    #expect(abs((estimates[1].spread ?? 0) / spread - 1) < 1e-6)
  }

  /// If the latency of chains depends on the number of convolutions only, this feature has the largest relevance. The
  /// process's intervals have the coverage that they promise.
  @Test func findsWhatMatters() throws {
    var random = SeededGenerator(seed: 2)
    let graphs = try (0..<120).map { number in
      let nodes = (0..<3).flatMap { kind in
        Array(
          repeating: Node([.relu, .add, "sigmoid"][kind], outputChannels: 8, height: 4, width: 4),
          count: Int.random(in: 1...9, using: &random))
      }
      return try chain("\(number)", nodes)
    }
    let latencies = graphs.map { graph in
      let count = Double(graph.nodes.count { $0.operation == .add })
      return (1 + count * count / 20) * (1 + 0.02 * (random.uniform() - 0.5))
    }
    let data = try Dataset(device: "d", graphs: graphs, latencies: latencies)
    let split = try Split(training: Array(0..<80), validation: [], test: Array(80..<120))
    let fit = try GaussianProcessRegression(restarts: 2).fit(to: data, split: split)
    #expect(fit.predictor.relevances[0].feature.contains("of add"))
    #expect(try fit.predictor.evaluate(on: data[split.test]).meanAbsolutePercentageError < 0.02)
    let test = data[split.test]
    let inside = try zip(fit.predictor.estimate(test.graphs), test.latencies).count {
      abs(log($0.latency / $1)) < 1.645 * ($0.spread ?? 0)
    }
    #expect((32...40).contains(inside))
    #expect(try fit.predictor.predict(test.graphs) == fit.predictor.estimate(test.graphs).map(\.latency))
    // Each network has the same bits alone as among others.
    #expect(try test.graphs.map { try fit.predictor.estimate([$0])[0] } == fit.predictor.estimate(test.graphs))
    var context = TrainingContext.current
    context.threads = 1
    #expect(try GaussianProcessRegression(restarts: 2).fit(to: data, split: split, in: context) == fit)
  }

  /// The latency depends on the order of two operations, which sums of operations can't tell.
  @Test func aContextTellsTheOrder() throws {
    var random = SeededGenerator(seed: 6)
    let graphs = try (0..<150).map { number in
      try chain("\(number)", (0..<6).map { _ in Node([.relu, .add][Int.random(in: 0..<2, using: &random)]) })
    }
    let latencies = graphs.map { graph in
      zip(graph.nodes, graph.nodes.dropFirst()).reduce(2.0) {
        $0 + ($1.0.operation == .relu && $1.1.operation == .add ? 1 : 0)
      }
    }
    // Graphs of different lengths aren't compared place by place.
    let unaligned = try graphs.enumerated().map { number, graph in
      try chain(graph.id, graph.nodes + Array(repeating: Node("sigmoid"), count: number % 2))
    }
    let data = try Dataset(device: "d", graphs: unaligned, latencies: latencies)
    let split = try Split(training: Array(0..<110), validation: [], test: Array(110..<150))
    let plain = try GaussianProcessRegression(restarts: 1).fit(to: data, split: split).predictor
    let fit = try GaussianProcessRegression(restarts: 1, context: [.successors]).fit(to: data, split: split)
    let test = data[split.test]
    #expect(try plain.evaluate(on: test).share(within: 0.05) < 0.7)
    #expect(try fit.predictor.evaluate(on: test).share(within: 0.05) > 0.95)
    #expect(fit.predictor.relevances[0].feature == "successors: add of relu")
    let opened = try AnyPredictor(safetensors: fit.predictor.safetensors(), at: Place(file: "p"))
    #expect(opened == AnyPredictor(fit.predictor))
  }

  @Test func fewAndEqualSamplesAreEnough() throws {
    let graphs = try (1...6).map { try chain("\($0)", Array(repeating: Node(.relu), count: $0)) }
    let data = try Dataset(device: "d", graphs: graphs, latencies: Array(repeating: 3, count: 6))
    for count in [1, 2, 6] {
      let fit = try GaussianProcessRegression(restarts: 1, steps: 5).fit(
        to: data, split: Split(training: Array(0..<count), validation: [], test: []))
      #expect(try fit.predictor.predict(graphs).allSatisfy { abs($0 - 3) < 0.1 })
    }
    #expect(
      try message {
        _ = try GaussianProcessRegression(restarts: 0).fit(
          to: data, split: Split(training: [0], validation: [], test: []))
      } == "a Gaussian process needs at least 1 starting point and 1 sample\n  3 and 200 are usual.")
  }
}
