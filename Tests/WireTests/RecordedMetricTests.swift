import Testing

@testable import Wire

@Suite struct RecordedMetricTests {
  @Test(arguments: [("two\nlines", "two lines"), (" a\t b ", "a b"), ("\n", ""), ("延迟\r\n毫秒", "延迟 毫秒")])
  func namesHaveNoLineBreaks(name: String, expected: String) {
    #expect(RecordedMetric(name, 1).name == expected)
  }
}
