import Testing

@testable import Engine

@Suite struct WeekDateTests {
  @Test(arguments: [
    ("2023-11-16", "2023-11-23", "2023-11-23"), ("2023-12-28", "2024-01-04", "2024-01-04"),
    ("2024-02-26", "2024-03-04", "2024-03-04"), ("2023-1-5", "2023-01-12", "2023-01-12"),
    ("2023-11-10/2023-11-16", "2023-11-17/2023-11-23", "2023-11-23"),
    ("2023-W46", "2023-W47", "2023-W47"), ("2023-W52", "2024-W01", "2024-W01"), ("2020-W52", "2020-W53", "2020-W53"),
    ("2020-W53", "2021-W01", "2021-W01"), ("2023-W09", "2023-W10", "2023-W10"),
  ])
  func aWeekLater(text: String, later: String, name: String) throws {
    let date = try #require(WeekDate(text)).weekLater
    #expect(date.text == later)
    #expect(date.name == name)
  }

  @Test(arguments: ["", "November", "2023-02-29", "2023-13-01", "2023-W54", "2023-11-16/", "16.11.2023"])
  func noDate(text: String) {
    #expect(WeekDate(text) == nil)
  }
}
