import Foundation
import Plot
import Testing

/// The marks of each chart, as text.
@Suite struct ChartOutlineTests {
  @Test func lossCurvesOfOneRun() {
    let curve = LossCurve(
      label: "lr 0.01", training: [2, 1, 0.5, 0.25, 0.12], validation: [2.1, 1.2, 0.6, 0.4, 0.5], bestEpoch: 4)
    #expect(
      Chart.lossCurves([curve]).outline() == """
        "Loss by epoch" 640×380
        subtitle "lr 0.01"
        panel
          x "epoch" linear 1…5: 1 2 3 4 5
          y "loss (log scale)" log 0.107…2.355: 0.2 0.5 1 2
          line 5 × (1…5, 0.12…2), series 0 "training" at end
          line 5 × (1…5, 0.4…2.1), series 2 dashed "validation" at end
          vertical rule at 4, muted dotted
          point 1 × (4…4, 0.4…0.4), series 2 hollow
          text "best: epoch 4, 0.400" × (4…4, 2.1…2.1), ink

        """)
  }

  @Test func lossCurvesOfTwoRunsInChinese() {
    let runs = [
      LossCurve(label: "甲", training: [5, 4, 3.5]),
      LossCurve(label: "乙", training: [5, 3, 2.5], validation: [5, .nan, 2.75], bestEpoch: 3),
    ]
    #expect(
      Chart.lossCurves(runs, unit: "ms").outline(language: "zh-Hans") == """
        "损失曲线" 640×380
        legend line muted opacity 0.7 "训练"
        legend line muted dashed "验证"
        legend point muted hollow "最佳轮次"
        panel
          x "轮次" linear 1…3: 1 2 3
          y "损失（ms）" linear 2.5…5: 2.5 3.0 3.5 4.0 4.5 5.0
          line 3 × (1…3, 3.5…5), series 0 "甲" at end
          line 3 × (1…3, 2.5…5), series 1 opacity 0.6
          line 3 × (1…3, 2.75…5), series 1 dashed "乙" at end
          point 1 × (3…3, 2.75…2.75), series 1 hollow

        """)
  }

  @Test func longRunsAreAveraged() {
    let losses = (0..<200).map { 2 + ($0.isMultiple(of: 2) ? 0.1 : -0.1) }
    let outline = Chart.lossCurves([LossCurve(training: losses)]).outline()
    #expect(outline.contains("line 200 × (1…200, 1.9…2.1), series 0 opacity 0.3\n"))
    #expect(!Chart.lossCurves([LossCurve(training: losses)], smoothing: 0).outline().contains("opacity"))
  }

  @Test(arguments: [([1.0, 0.11], false), ([1, 0.09], true), ([1, 0.0, 0.001], false), ([], false)])
  func lossesAreLogarithmicBeyondADecade(losses: [Double], isLogarithmic: Bool) {
    let chart = Chart.lossCurves([LossCurve(training: losses)])
    #expect((chart.panels[0].y.scale == .logarithmic) == isLogarithmic)
  }

  @Test func relativeErrors() {
    let series = PredictionSeries(
      label: "a", measured: [1, 1, 1, 1, 1, 1, 1, 1], predicted: [1.01, 0.99, 1.02, 0.97, 1.03, 0.98, 1, 9])
    #expect(
      Chart.relativeErrors([series]).outline() == """
        "Distribution of the relative error" 640×340
        subtitle "1 beyond the axis"
        panel "a"
          x "relative error" linear −0.12…0.12: −10% −5% 0% 5% 10%
          y "samples" linear 0…4: 0 1 2 3 4
          rectangle 4 × (−0.05…0.05, 0…3), series 0 opacity 0.85
          vertical rule at −0.1 0.1, muted dashed
          vertical rule at 0.005, ink
          text "median 0.5%" × (0.005…0.005, 3.36…3.36), ink

        """)
  }

  @Test func aSeriesWithoutErrorsDoesNotWidenTheAxis() {
    let series = [
      PredictionSeries(label: "a", measured: [1, 1], predicted: [1.01, 0.99]),
      PredictionSeries(label: "b", measured: [0], predicted: [1]),
    ]
    let panels = Chart.relativeErrors(series).panels
    #expect(panels.map(\.x.extent) == [.fixed(from: -0.12, to: 0.12), .fixed(from: -0.12, to: 0.12)])
    #expect(panels.map(\.layers.isEmpty) == [false, true])
  }

  @Test func cumulativeErrors() {
    let series = PredictionSeries(label: "a", measured: [1, 1, 1, 1], predicted: [1.04, 0.97, 1.08, 1.3])
    #expect(
      Chart.cumulativeErrors([series]).outline() == """
        "Share of samples within an error" 640×380
        panel
          x "absolute relative error" linear 0…0.267: 0% 5% 10% 15% 20% 25%
          y "share of samples" linear 0…1: 0% 25% 50% 75% 100%
          vertical rule at 0.05 0.1, muted dashed
          line 8 × (0…0.267, 0…0.75), series 0 "a" at end
          point 2 × (0.05…0.1, 0.5…0.75), series 0
          text "50%" "75%" × (0.05…0.1, 0.5…0.75), series 0

        """)
  }

  @Test func predictedAgainstMeasured() {
    let series = PredictionSeries(measured: [1, 2, 4], predicted: [1.05, 2.5, 4], unit: "ms")
    #expect(
      Chart.predictedAgainstMeasured([series]).outline() == """
        "Predicted against measured" 442×535
        panel equal axes
          x "measured (ms)" linear 0.88…4.12: 1 2 3 4
          y "predicted (ms)" linear 0.88…4.12: 1 2 3 4
          area 2 × (0…8, 0…8.8), muted opacity 0.14 "66.7% of 3 within 10%" at legend
          line 2 × (0…8, 0…8), muted
          point 3 × (1…4, 1.05…4), series 0 opacity 0.55

        """)
  }

  @Test func bars() {
    #expect(
      Chart.bars(["a", "b"], [0.5, -0.25], value: Axis(format: .percent(1))).outline() == """
        untitled 640×150
        panel
          x linear −0.3325…0.5825: −20% 0% 20% 40%
          y category −0.5…1.5: a b
          rectangle 2 × (−0.25…0.5, −0.36…1.36), series 0 opacity 0.9
          text "50.0%" × (0.5…0.5, 0…0), ink
          text "−25.0%" × (−0.25…−0.25, 1…1), ink

        """)
  }

  @Test(arguments: SampleCharts.all.map(\.name))
  func storedAndReadAgainChartsAreEqual(name: String) throws {
    let chart = try SampleCharts.named(name)
    #expect(try JSONDecoder().decode(Chart.self, from: JSONEncoder().encode(chart)) == chart)
  }

  @Test func descriptionsAreMadeFromTheData() {
    let run = LossCurve(label: "lr 0.01", training: [2, 1, 0.5], validation: [2, 1.1, 1.25], bestEpoch: 2)
    #expect(
      Chart.lossCurves([run]).description(language: "en")
        == "Loss by epoch. lr 0.01: validation loss from 2.00 to 1.25 in 3 epochs, best at epoch 2 with 1.10.")
    #expect(
      Chart.lossCurves([run]).description(language: "zh-Hans") == "损失曲线。lr 0.01：验证损失在 3 轮内从 2.00 到 1.25，第 2 轮最佳，为 1.10。"
    )
    #expect(
      Chart.lossCurves([LossCurve(training: [2, 1]), LossCurve(training: [2, 0.5])]).description()
        == "Loss by epoch. 2 runs; the lowest loss is 0.500. training loss from 2.00 to 1.00 in 2 epochs. "
        + "training loss from 2.00 to 0.500 in 2 epochs.")
    let line = Chart.line(x: [1, 2], y: [3, 5], title: "Growth", yAxis: Axis("size", unit: "MB"))
    #expect(line.description() == "Growth. x from 1 to 2, size from 3 MB to 5 MB.")
  }
}
