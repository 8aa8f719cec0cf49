import Foundation
import Plot
import Testing

/// The marks of charts of sweeps, groups and comparisons.
@Suite struct CompositionTests {
  @Test func seedsAreAMedianInABand() {
    let curve = LossCurve.overSeeds(
      [
        LossCurve(training: [3, 2, 1], validation: [4, 3, .nan]), LossCurve(training: [5, 2, 2], validation: [4, 5]),
        LossCurve(training: [4, 3], validation: [6, 4]),
      ], label: "3 seeds")
    #expect(curve.training == [4, 2, 1.5])
    #expect(curve.trainingBand == LossCurve.Band(low: [3, 2, 1], high: [5, 3, 2]))
    #expect(Array(curve.validation.prefix(2)) == [4, 4] && curve.validation[2].isNaN)
    #expect(curve.bestEpoch == nil)
    #expect(LossCurve.overSeeds([LossCurve(training: [1], bestEpoch: 1)]).trainingBand == nil)
  }

  @Test func lossCurvesWithBandGhostAndLearningRate() {
    let curve = LossCurve(
      training: [4, 2, 1], learningRates: [1e-3, 5e-4, 0],
      trainingBand: LossCurve.Band(low: [3, 1, 0.9], high: [5, 3, 2]))
    let chart = Chart.lossCurves([curve], previous: [LossCurve(training: [5, 4, 3])], showsLearningRate: true)
    #expect(
      chart.outline() == """
        "Loss by epoch" 640×480
        legend area muted opacity 0.3 "range over seeds"
        panel
          x "epoch" linear 1…3: 1 2 3
          y "loss" linear 0…5: 0 1 2 3 4 5
          line 3 × (1…3, 3…5), muted opacity 0.6 "last week" at end
          area 3 × (1…3, 0.9…5), series 0 opacity 0.2
          line 3 × (1…3, 1…4), series 0 "training" at end
        panel
          x "epoch" linear 1…3: 1 2 3
          y "learning rate" linear −4×10⁻⁵…0.00104: 0.00000 0.00025 0.00050 0.00075 0.00100
          line 3 × (1…3, 0…0.001), ink

        """)
  }

  @Test func ranksGoFromBestToWorst() {
    let chart = Chart.ranks(
      ["a", "b", "c"],
      [Estimate(0.7, low: 0.65, high: 0.75), Estimate(0.9, low: 0.8, high: 1), Estimate(0.8, low: 0.7, high: 0.85)],
      value: Axis("tau", format: .decimals(2)), better: .higher)
    #expect(
      chart.outline() == """
        untitled 640×232
        panel
          x "tau" linear 0.636…1.014: 0.7 0.8 0.9 1.0
          y category −0.5…2.5: b c a
          rectangle 1 × (0.8…1, −0.5…2.5), series 0 opacity 0.12
          line 2 × (0.8…1, 0…0), series 0 opacity 0.7
          point 1 × (0.9…0.9, 0…0), series 0
          text "0.90" × (0.9…0.9, 0…0), ink
          line 2 × (0.7…0.85, 1…1), series 0 opacity 0.7
          point 1 × (0.8…0.8, 1…1), series 0
          text "0.80" × (0.8…0.8, 1…1), ink
          line 2 × (0.65…0.75, 2…2), muted opacity 0.7
          point 1 × (0.7…0.7, 2…2), muted
          text "0.70" × (0.7…0.7, 2…2), ink

        """)
    #expect(
      chart.description(language: "zh-Hans") == "共比较 3 个，最佳为 b：0.90（0.80 到 1.00），最差为 a：0.70（0.65 到 0.75）。")
  }

  @Test func boxesEndAtTheFurthestValuesThatAreNear() {
    let chart = Chart.boxes(
      Distribution.grouped([1, 2, 3, 4, 5, 20, 7], by: ["a", "a", "a", "a", "a", "a", "b"]),
      x: Axis("latency", unit: "ms"))
    #expect(
      chart.outline() == """
        untitled 640×194
        panel
          x "latency (ms)" linear 0.24…20.76: 5 10 15 20
          y category −0.5…1.5: a b
          line 5 × (1…5, 0…0), series 0
          rectangle 1 × (2.25…4.75, −0.3…0.3), series 0 opacity 0.25
          line 2 × (3.5…3.5, −0.3…0.3), series 0
          point 1 × (20…20, 0…0), series 0 opacity 0.8 hollow
          line 5 × (7…7, 1…1), series 1
          rectangle 1 × (7…7, 0.7…1.3), series 1 opacity 0.25
          line 2 × (7…7, 0.7…1.3), series 1

        """)
    #expect(
      chart.description()
        == "a: median 3.5, middle half from 2.25 to 4.75, n = 6. b: median 7, middle half from 7 to 7, n = 1.")
  }

  @Test func theBestCellOfAHeatMapIsOutlined() {
    let chart = Chart.heatMap(
      rows: ["2", "4"], columns: ["16", "32"], values: [[0.3, 0.2], [.nan, 0.1]],
      amount: Axis("MAPE", format: .percent(0)),
      better: .lower)
    #expect(
      chart.outline() == """
        untitled 640×218
        panel
          x category −0.5…1.5: 16 32
          y category −0.5…1.5: 2 4
          rectangle 3 × (−0.5…1.5, −0.5…1.5), series 0, amounts 0.1…0.3
          rectangle 1 × (0.5…1.5, 0.5…1.5), paper opacity 0
          rectangle 1 × (0.5…1.5, 0.5…1.5), ink opacity 0
          text "30%" "20%" "10%" × (0…1, 0…1), series 0, amounts 0.1…0.3

        """)
    #expect(chart.description() == "least 10% (4, 32), greatest 30% (2, 16).")
  }

  @Test func linesOfParallelCoordinatesEndWithTheBest() {
    let chart = Chart.parallelCoordinates(
      [
        SweepDimension("rate", [1e-4, 1e-3, 1e-2, 1e-1]), SweepDimension("optimiser", ["SGD", "Adam", "SGD", "Adam"]),
        SweepDimension("error", [0.4, 0.1, 0.2, .nan], format: .percent(0)),
      ], better: .lower)
    let outline = chart.outline()
    // Three runs have three points and a gap each; the fourth run has no outcome.
    #expect(outline.contains("line 12 × (0…2"))
    #expect(outline.contains("series 0 opacity 0.85, amounts 0.1…0.4"))
    for ticks in ["\"0.0001\" \"0.001\" \"0.01\" \"0.1\"", "\"SGD\" \"Adam\"", "\"20%\" \"40%\""] {
      #expect(outline.contains("text \(ticks) × "))
    }
    guard case .line(_, let y) = chart.panels[0].layers[0].mark else {
      Issue.record("the first layer is no line")
      return
    }
    // The best run comes last: at 0.001, with Adam, and at the bottom of the outcome's axis.
    #expect(abs(y[8] - 1.0 / 3) < 1e-6 && abs(y[9] - 0.75) < 1e-6 && abs(y[10]) < 1e-6 && y[11].isNaN)
    #expect(chart.description() == "3 settings; best error 10% with rate = 0.001, optimiser = Adam.")
  }

  @Test func noRunIsBestIfNeitherDirectionIs() {
    let dimensions = [SweepDimension("rate", [0.1, 0.2, 0.3]), SweepDimension("error", [0.3, 0.1, 0.2])]
    let chart = Chart.parallelCoordinates(dimensions)
    #expect(chart.description() == "3 settings; error from 0.1 to 0.3.")
    #expect(chart.description(language: "zh-Hans") == "共 3 组设置，error从 0.1 到 0.3。")
  }

  @Test func aSettingThatTheBestRunLacksIsNotTold() {
    let dimensions = [
      SweepDimension("rate", [0.1]), SweepDimension("units", [16.0, 32.0]), SweepDimension("error", [0.3, 0.1]),
    ]
    let chart = Chart.parallelCoordinates(dimensions, better: .lower)
    #expect(chart.description() == "2 settings; best error 0.1 with units = 32.")
  }

  @Test func networksAreDiagrams() throws {
    let nodes = ["input", "conv 3×3", "output"].map { DirectedGraph.Node($0) }
    let chart = Chart.network(try DirectedGraph(nodes: nodes, edges: [(0, 1), (1, 2), (0, 2)]), title: "A cell")
    #expect(
      chart.outline() == """
        "A cell" 280×194
        panel diagram
          x linear −1…88.41: 0 20 40 60 80
          y linear −1…113: 0 25 50 75 100
          line 63 × (34.74…83.48, 24…88), muted arrow
          rectangle 1 × (34.02…84.2, 0…24), series 0 opacity 0.2
          rectangle 1 × (0…69.48, 44…68), series 1 opacity 0.2
          rectangle 1 × (30.8…87.41, 88…112), series 2 opacity 0.2
          text "input" "conv 3×3" "output" × (34.74…59.11, 12…100), ink

        """)
    #expect(chart.description(language: "zh-Hans") == "A cell。3 个节点、3 条边，分 3 层：input 1 个，conv 3×3 1 个，output 1 个。")
  }

  @Test func theWorstAreNamed() {
    let series = PredictionSeries(measured: [1, 2, 4, 0], predicted: [1.5, 2, 3, 1], ids: ["a", "b", "c", "d"])
    #expect(series.worst(2) == [0, 2])
    #expect(PredictionSeries(measured: [1], predicted: [2]).name(of: 0) == "#1")
    let chart = Chart.worstPredictions(series, count: 2)
    #expect(chart.outline().contains("text \"a\" \"c\""))
    #expect(
      chart.description()
        == "The 2 worst predictions. 33.3% of 3 samples are within 5% and 33.3% within 10% of the measurement. the "
        + "worst is a with 50.0%: measured 1.00, predicted 1.50."
    )
  }

  @Test func facetsShareTheirAxes() {
    let charts = [1.0, 10].map { scale in
      Chart.line(x: [1, 2], y: [scale, 2 * scale], title: "\(Int(scale))", yAxis: Axis("y"))
    }
    let chart = Chart.facets(charts, title: "two")
    #expect(chart.panels.map(\.title) == ["1", "10"])
    #expect(chart.outline().matches(of: /y "y" linear 0…20/).count == 2)
    #expect(chart.description() == "two. x from 1 to 2, y from 1 to 2. x from 1 to 2, y from 10 to 20.")
  }

  @Test func weeksAreAxesOfTime() {
    let dates = (0..<3).map { Date(timeIntervalSince1970: 1_700_092_800 + 604_800 * Double($0)) }
    let chart = Chart.timeline(
      [Series(label: "EPYC", dates: dates, y: [0.8, 0.85, 0.9])], y: Axis("平均精度", format: .percent(0)))
    #expect(chart.outline(language: "zh-Hans").contains("time 2023年11月15日…2023年11月30日: 11月16日\n2023年 11月23日 11月30日"))
    #expect(chart.description(language: "zh-Hans") == "x从 2023年11月16日 到 2023年11月30日，平均精度从 80% 到 90%。")
  }
}
