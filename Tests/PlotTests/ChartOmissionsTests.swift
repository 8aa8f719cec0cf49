import Testing

@testable import Plot

@Suite struct ChartOmissionsTests {
  private static let logarithmic = Axis("y", scale: .logarithmic)

  @Test(arguments: [
    (Chart.line(x: [1, 2], y: [.nan, .nan]), ["has only missing values"]),
    (Chart.line(x: [1, 2, 3], y: [1, .nan, 2]), []),
    (Chart.line(x: [1, 2, 3], y: [0, -1, 2]), []),
    (
      Chart.line(x: [1, 2, 3], y: [0, -1, 2], yAxis: logarithmic),
      ["leaves out 2 of 3 values: a logarithmic axis has no place for 0 and less"]
    ),
    (Chart.bars(["a", "b"], [1, 2]), []),
  ])
  func whatIsLeftOutIsSaid(chart: Chart, expected: [String]) {
    #expect(chart.omissions == expected)
  }
}
