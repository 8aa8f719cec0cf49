import Testing

@testable import Plot

/// The data that charts and tables leave out.
@Suite struct ChartOmissionsTests {
  private static let logarithmic = Axis("y", scale: .logarithmic)
  private static let missing = "leaves out 2 values that are missing (NaN) or infinite"
  private static let nothing = "has no values to draw"
  private static let onlyMissing = "has only missing values"

  @Test(arguments: [
    (Chart.line(x: [1, 2], y: [.nan, .nan]), [onlyMissing]),
    (Chart.line(x: [], y: []), [nothing]),
    // A gap in the line shows the missing value, so there is no note.
    (Chart.line(x: [1, 2, 3], y: [1, .nan, 2]), []),
    (Chart.line(x: [1, 2, 3], y: [0, -1, 2]), []),
    (
      Chart.line(x: [1, 2, 3], y: [0, -1, 2], yAxis: logarithmic),
      ["leaves out 2 of 3 values: a logarithmic axis has no place for 0 and less"]
    ),
    (Chart.bars(["a", "b"], [1, 2]), []),
    (Chart.bars(["a", "b", "c"], [1, .nan, .infinity]), [missing]),
    (Chart.bars([], []), [nothing]),
    (Chart.bars(["a"], [.nan]), [onlyMissing]),
    (Chart.histogram([]), [nothing]),
    (Chart.histogram([.nan, .infinity]), [onlyMissing]),
    (Chart.histogram([1, 2, 2.5, .nan, -.infinity]), [missing]),
    (Chart.scatter(x: [1, .nan, 3], y: [1, 2, .nan]), [missing]),
    (Chart.boxes([Distribution(label: "a", values: [])]), [nothing]),
    (Chart.violins([Distribution(label: "a", values: [1, 2, 3, .nan, .nan])]), [missing]),
    (Chart.densities([Distribution(label: "a", values: [.nan])]), [onlyMissing]),
  ])
  func whatIsLeftOutIsSaid(chart: Chart, expected: [String]) {
    #expect(chart.omissions.map(\.warning) == expected)
  }

  @Test(arguments: [("en", "no values"), ("zh-Hans", "没有数据")])
  func emptyChartsSayItInPictureAndDescription(language: String, words: String) throws {
    for chart in [Chart.histogram([]), .line(x: [1], y: [.nan]), .bars([], [])] {
      #expect(chart.description(language: language).contains(words))
      let scene = try ChartLayout.scene(of: chart, options: DrawingOptions(language: language))
      #expect(scene.texts.contains(words))
    }
    let full = try ChartLayout.scene(of: .histogram([1, 2]), options: DrawingOptions(language: language))
    #expect(!full.texts.contains(words))
  }

  @Test func droppedValuesAreCountedInPictureAndDescription() throws {
    let chart = Chart.histogram([1, 2, 3, .nan])
    let note = "left out as missing or infinite: 1"
    #expect(chart.description(language: "en").contains(note))
    #expect(try ChartLayout.scene(of: chart, options: DrawingOptions(language: "en")).texts.contains(note))
    #expect(Chart.histogram([1, 2, 3]).leftOut == nil)
  }

  @Test func facetsLeaveOutWhatTheirChartsLeaveOut() {
    let chart = Chart.facets([.histogram([1, 2, .nan]), .histogram([1, 2, .infinity])])
    #expect(chart.omissions.map(\.warning) == [Self.missing])
    #expect(Chart.facets([.histogram([1, 2]), .histogram([1, 2])]).leftOut == nil)
  }

  @Test(arguments: [
    (Table(columns: ["a", "b"], rows: []), ["has no rows"]),
    (Table(columns: ["a", "b"], rows: [[nil, nil]]), ["has only missing values"]),
    (Table(columns: ["a", "b"], rows: [["x", 1], ["y", nil]]), []),
    (
      Table(columns: ["a", "b"], rows: [["x", 1], ["y"]]), ["has 1 value in row 2 for 2 columns: the rest is missing"]
    ),
    (
      Table(columns: ["a", "b"], rows: [["x", 1, 2], ["y"]]),
      ["has 3 values in row 1 for 2 columns: the last ones are left out, and 1 more row doesn't fit the columns"]
    ),
  ])
  func tablesSayWhatTheyLack(table: Table, expected: [String]) {
    #expect(table.omissions == expected)
  }
}

extension Scene {
  /// All texts in the picture.
  fileprivate var texts: [String] {
    items.compactMap { if case .text(let text) = $0 { text.text.text } else { nil } }
  }
}
