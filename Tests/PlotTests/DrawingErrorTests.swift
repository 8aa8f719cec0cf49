import Foundation
import Testing

@testable import Plot

@Suite struct DrawingErrorTests {
  private func message(_ chart: Chart) -> String? {
    #expect(throws: DrawingError.self) { try chart.svg() }?.description
  }

  @Test func aCharacterWithoutFontIsNamed() {
    // No font has a glyph for a code point that Unicode hasn't assigned.
    let chart = Chart.line(x: [1, 2], y: [1, 2], title: "size \u{378}")
    #expect(
      message(chart) == """
        no installed font has "\u{378}" (U+0378) of the text "size \u{378}"
          Install a font that has it: apt-get install fonts-noto-core
        """)
  }

  @Test(
    arguments: [
      ("中", "fonts-noto-cjk"), ("の", "fonts-noto-cjk"), ("한", "fonts-noto-cjk"), ("λ", "fonts-noto-core"),
      ("⁻", "fonts-noto-core"), ("🙂", "fonts-noto-color-emoji"), ("✅", "fonts-noto-color-emoji"),
      ("ෆ", "fonts-noto-extra"),
    ] as [(Unicode.Scalar, String)])
  func packagesByCharacter(character: Unicode.Scalar, package: String) {
    #expect(FontInventory.package(for: character) == package)
  }

  @Test func channelsOfDifferentLength() {
    #expect(
      message(.lines([Series(label: "run", x: [1, 2, 3], y: [1, 2])])) == """
        layer 1 "run" of panel 1 has 3 values of x but 2 of y
          Give every channel of a mark the same number of values.
        """)
  }

  @Test func sizesThatNoPictureHas() {
    var chart = Chart.line(x: [1], y: [1])
    chart.size = Size(width: 0, height: 1e9)
    #expect(
      message(chart) == """
        a chart can't be drawn 0 units wide and 1×10⁹ high
          Give it a size from 120 by 80 to 20,000 by 20,000 logical units.
        """)
    let error = #expect(throws: DrawingError.self) { try Chart.line(x: [1], y: [1]).png(scale: 1000) }
    #expect(
      error?.description == """
        a scale of 1000 is not possible for this chart
          Use a scale such as 1 or 2; no side may have more than 32,000 pixels.
        """)
  }

  @Test(arguments: [
    Chart.lossCurves([]), .lossCurves([LossCurve(training: [])]),
    .lossCurves([LossCurve(training: [.nan, .infinity])]),
    .lossCurves([LossCurve(training: [0.5], bestEpoch: 9)]), .relativeErrors([]), .cumulativeErrors([]),
    .cumulativeErrors([PredictionSeries(measured: [], predicted: [])]), .predictedAgainstMeasured([]),
    .predictedAgainstMeasured([PredictionSeries(measured: [1], predicted: [1])]),
    .relativeErrors([PredictionSeries(measured: [0, 1], predicted: [1, 1])]), .bars([], []), .bars(["a"], [.nan]),
    .line(x: [], y: []), .line(x: [1], y: [1e300]), .histogram([]), .histogram([7, 7, 7]), Chart(panels: []),
    .lossCurves([.overSeeds([])]),
    .lossCurves([LossCurve(training: [1], learningRates: [.nan])], showsLearningRate: true),
    .lossCurves([], previous: [LossCurve(training: [])], showsLearningRate: true), .densities([]),
    .densities([Distribution(values: [2, 2]), Distribution(values: [])]), .violins([]), .boxes([]),
    .violins([Distribution(label: "a", values: [3]), Distribution(label: "b", values: [.nan])]),
    .boxes([Distribution(label: "a", values: [3]), Distribution(label: "b", values: [])]), .residuals([]),
    .residuals([PredictionSeries(measured: [1], predicted: [1])]), .facets([]), .facets([.line(x: [1], y: [1])]),
    .worstPredictions(PredictionSeries(measured: [], predicted: [])), .heatMap(rows: [], columns: [], values: []),
    .heatMap(rows: ["a"], columns: ["b"], values: [[.nan]]),
    .heatMap(rows: ["a"], columns: ["b"], values: [[1, 2], [3]]),
    .sweep([]), .sweep([EstimateSeries(x: [1], samples: [[]])]), .ranks([], [], better: .lower),
    .ranks(["a"], [Estimate(.nan, low: 0, high: 1)], better: .higher), .parallelCoordinates([]),
    .parallelCoordinates([SweepDimension("a", [1.0]), SweepDimension("b", [Double.nan])]), .timeline([]),
    .timeline([Series(dates: [Date(timeIntervalSince1970: 0)], y: [1])]),
    .scatter(x: Array(repeating: 1, count: 3000), y: Array(repeating: .nan, count: 3000)),
  ])
  func emptyAndExtremeDataAreDrawnAllTheSame(chart: Chart) throws {
    #expect(try chart.svg().contains("</svg>"))
    #expect(try !chart.png(scale: 1).isEmpty)
    #expect(!chart.outline().isEmpty)
    _ = chart.description(language: "zh-Hans")
    #expect(try JSONDecoder().decode(Chart.self, from: JSONEncoder().encode(chart)) == chart)
  }

  @Test func columnsAndHeightsBeyondAllBoundsAreDrawn() throws {
    let line = Chart.line(x: [1, 2], y: [1, 2])
    var chart = Chart.facets([line, line], columns: Int.max)
    #expect(chart.columns == 2)
    chart.columns = Int.max
    #expect(try chart.svg().contains("</svg>"))
    for share in [Double.infinity, -Double.infinity, Double.nan, 1e300] {
      chart.panels[0].heightShare = share
      #expect(try chart.svg().contains("</svg>"))
    }
  }

  @Test func ticksOfNoCategoriesAreDrawn() throws {
    var chart = Chart.line(x: [1, 2], y: [1, 2])
    chart.panels[0].x = Axis(scale: .category([]), ticks: [0])
    chart.panels[0].y = Axis(scale: .category([]), ticks: [0])
    #expect(try chart.svg().contains("</svg>"))
  }

  /// If a font has the emoji, it is drawn in every format; otherwise the error names the font's package.
  @Test func colouredEmoji() throws {
    let chart = Chart.line(x: [1, 2], y: [1, 2], title: "done 🚀")
    do {
      let svg = try chart.svg()
      #expect(svg.contains("<image ") && svg.contains("href=\"data:image/png;base64,") && svg.utf8.count < 40_000)
      #expect(try !chart.png().isEmpty && !chart.pdf().isEmpty)
    } catch let error as DrawingError {
      #expect(
        error.description == """
          no installed font has "🚀" (U+1F680) of the text "done 🚀"
            Install a font that has it: apt-get install fonts-noto-color-emoji
          """)
    }
  }

  @Test func amountsOfDifferentLength() {
    let layer = Layer(.point(x: [1, 2], y: [1, 2]), amounts: [1], label: "load")
    #expect(
      message(Chart(panels: [Panel(layers: [layer])])) == """
        layer 1 "load" of panel 1 has 2 values of x but 1 of amounts
          Give every channel of a mark the same number of values.
        """)
  }
}
