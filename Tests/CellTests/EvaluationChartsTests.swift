import Cell
import Testing

/// Charts made directly from evaluations, training runs and networks.
@Suite struct EvaluationChartsTests {
  static func evaluation(_ factor: Double) throws -> Evaluation {
    let measured = (1...20).map { 1 + 0.1 * Double($0) }
    return try Evaluation(
      ids: measured.indices.map { "net-\($0)" }, measured: measured,
      predicted: measured.enumerated().map { $1 * (1 + factor * (Double($0) - 10.2) / 10) }, unit: "ms")
  }

  @Test func worstPredictionsAreNamedByTheirIds() throws {
    let outline = Chart.worstPredictions(try Self.evaluation(0.1), count: 3).outline()
    #expect(outline.contains(#"text "net-0" "net-1" "net-19""#), "\(outline)")
  }

  static let charts: [(String, @Sendable ([(String, Evaluation)]) -> Chart)] = [
    ("relative errors", { @Sendable in Chart.relativeErrors($0) }),
    ("cumulative", { @Sendable in Chart.cumulativeErrors($0) }),
    ("predicted", { @Sendable in Chart.predictedAgainstMeasured($0) }),
    ("residuals", { @Sendable in Chart.residuals($0) }),
    ("densities", { @Sendable in Chart.densities($0) }),
    ("violins", { @Sendable in Chart.violins($0) }),
    ("boxes", { @Sendable in Chart.boxes($0) }),
    ("bars", { @Sendable in Chart.bars($0, by: .meanAccuracy) }),
    ("ranks", { @Sendable in Chart.ranks($0.map { ($0.0, [$0.1]) }, by: .kendallTau) }),
  ]

  @Test(arguments: charts.map(\.0)) func chartsNameTheEvaluations(name: String) throws {
    let make = try #require(Self.charts.first { $0.0 == name }).1
    let chart = make([("Pi 4", try Self.evaluation(0.1)), ("Jetson", try Self.evaluation(0.05))])
    let text = chart.outline() + chart.description()
    #expect(text.contains("Pi 4") && text.contains("Jetson"), "\(text)")
    #expect(try !chart.png(scale: 1).isEmpty)
  }

  /// The confidence interval of two very different shares is far beyond 0 and 100 %.
  @Test func intervalsEndAtTheMetricsRange() throws {
    let estimate = Estimate.mean(of: [1, 0])
    #expect(estimate.low < 0 && estimate.high > 1)
    #expect(estimate.limited(to: Metric.within5Percent.range) == Estimate(0.5, low: 0, high: 1))
    let chart = Chart.ranks([("a", [try Self.evaluation(0.02), try Self.evaluation(0.2)])], by: .within5Percent)
    #expect(chart.outline().contains("line 2 × (0…1, 0…0)"), "\(chart.outline())")
    #expect(Metric.meanAccuracy.range.upperBound == 1 && Metric.kendallTau.range == -1...1)
    #expect(Metric.meanGap.range.contains(1e9) && !Metric.meanGap.range.contains(-1))
  }

  @Test func ranksPutTheBetterMethodFirst() throws {
    let (near, far) = (try Self.evaluation(0.02), try Self.evaluation(0.2))
    let byError = Chart.ranks([("far", [far]), ("near", [near])], by: .meanGap)
    #expect(byError.description().contains("best is near"))
    #expect(byError.outline().contains("(ms)"))
    #expect(
      Chart.ranks([("far", [far, near]), ("near", [near])], by: .meanAccuracy).description().contains("best is near"))
  }
}

@Suite struct TrainingChartsTests {
  static func run(_ label: String, _ losses: [Double]) throws -> TrainingRun {
    let graphs = try (1...8).map { (index: Int) in
      try NetworkGraph(
        id: "\(index)",
        nodes: [
          Node(.input), Node(.convolution, kernel: 3, outputChannels: index, height: 4, width: 4), Node(.output),
        ],
        edges: [Edge(0, 1), Edge(1, 2)])
    }
    let data = try Dataset(device: "d", graphs: graphs, latencies: (1...8).map(Double.init))
    var run = try train(
      GCN.Configuration(layers: 1, hiddenUnits: 4), on: data, split: data.split(.shuffled(seed: 1)),
      options: TrainingOptions(epochs: 1, seed: 1), label: label)
    run.curve = losses.enumerated().map {
      EpochRecord(
        epoch: $0 + 1, trainingLoss: $1, validationLoss: 1.2 * $1, learningRate: 1e-3 / Double($0 + 1), seconds: 0)
    }
    run.chosenEpoch = losses.count
    return run
  }

  @Test func lossCurvesShowLastWeekAndTheLearningRate() throws {
    let run = try Self.run("now", [1, 0.5, 0.2])
    let last = try Self.run("before", [1, 0.7, 0.6])
    let chart = Chart.lossCurves([run], previous: [last], showsLearningRate: true)
    #expect(chart.panels.count == 2)
    let outline = chart.outline()
    #expect(outline.contains(#""before" at end"#) && outline.contains("learning rate"), "\(outline)")
    #expect(LossCurve(run).learningRates == [1e-3, 5e-4, 1e-3 / 3])
    #expect(Chart.lossCurves([run]).panels.count == 1)
  }

  @Test func seedsBecomeABand() throws {
    let curve = LossCurve.overSeeds([try Self.run("a", [1, 0.5]), try Self.run("b", [2, 0.3])], label: "2 seeds")
    #expect(curve.trainingBand == LossCurve.Band(low: [1, 0.3], high: [2, 0.5]))
  }
}

@Suite struct NetworkGraphChartTests {
  @Test func nodesSayWhatTheyDo() throws {
    let graph = try NetworkGraph(
      id: "g",
      nodes: [
        Node(.input, outputChannels: 3, height: 32, width: 32),
        Node(.convolution, kernel: 3, stride: 2, inputChannels: 3, outputChannels: 8, height: 16, width: 16),
        Node("global_avg_pool"), Node(.output),
      ],
      edges: [Edge(0, 1), Edge(1, 2), Edge(2, 3)])
    let drawn = DirectedGraph(graph)
    #expect(drawn.nodes.map(\.label) == ["input", "conv 3×3, /2", "global avg pool", "output"])
    #expect(drawn.nodes.map(\.annotation) == ["3 × 32 × 32", "8 × 16 × 16", nil, nil])
    #expect(drawn.nodes[1].operation == "conv")
    #expect(try !Chart.network(graph, title: "g").svg().isEmpty)
  }
}
