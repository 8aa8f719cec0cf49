import Testing

@testable import Wire

@Suite struct RecordedMetricTests {
  @Test(arguments: [("two\nlines", "two lines"), (" a\t b ", "a b"), ("\n", ""), ("延迟\r\n毫秒", "延迟 毫秒")])
  func namesHaveNoLineBreaks(name: String, expected: String) {
    let metric = RecordedMetric(name, 1, unit: name)
    #expect(metric.name == expected)
    #expect(metric.text == (expected.isEmpty ? "1" : "1 \(expected)"))
  }
}
