import Testing

@testable import Report

@Suite struct WordsTests {
  @Test(arguments: [
    ("2023-11-16", "16 November 2023", "2023年11月16日"),
    ("2023-W46", "Week 46 of 2023", "2023年第46周"),
    ("2023-11-10/2023-11-16", "10–16 November 2023", "2023年11月10日至16日"),
    ("2023-11-30/2023-12-07", "30 November – 7 December 2023", "2023年11月30日至12月7日"),
    ("2023-12-28/2024-01-04", "28 December 2023 – 4 January 2024", "2023年12月28日至2024年1月4日"),
    ("2023-13-40", "2023-13-40", "2023-13-40"),
    ("last week", "last week", "last week"),
  ])
  func dates(text: String, english: String, chinese: String) {
    #expect(EnglishWords().date(text) == english)
    #expect(ChineseWords().date(text) == chinese)
  }

  @Test(arguments: [
    (0.02, "<0.1 s", "<0.1 秒"), (0.34, "0.3 s", "0.3 秒"), (9.94, "9.9 s", "9.9 秒"), (9.96, "10 s", "10 秒"),
    (59.6, "1 min", "1 分"),
    (133, "2 min 13 s", "2 分 13 秒"), (3600, "1 h", "1 小时"), (3725, "1 h 2 min", "1 小时 2 分"),
  ])
  func durations(seconds: Double, english: String, chinese: String) {
    #expect(EnglishWords().duration(seconds).replacing("\u{A0}", with: " ") == english)
    #expect(ChineseWords().duration(seconds).replacing("\u{A0}", with: " ") == chinese)
  }

  @Test(arguments: [
    (1e-6, "1e-6"), (0.25, "0.25"), (0.05, "5e-2"), (2.5e-6, "2.5e-6"), (3.456_789_012e-9, "3e-9"),
  ])
  func tolerances(tolerance: Double, text: String) {
    #expect(ProofWords.text(tolerance) == text)
  }

  @Test func numbers() {
    #expect(
      [0, 999, 1000, 1_234_567, -1000].map { EnglishWords().number($0) } == [
        "0", "999", "1,000", "1,234,567", "−1,000",
      ])
  }

  @Test(arguments: [
    ("zh", "目录"), ("zh-Hans", "目录"), ("zh_CN", "目录"), ("en-GB", "Contents"), ("fr", "Contents"), ("", "Contents"),
  ])
  func languageByTag(tag: String, contents: String) {
    #expect(reportWords(for: tag).contents == contents)
  }
}
