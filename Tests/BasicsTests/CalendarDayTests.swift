import Basics
import Testing

@Suite struct CalendarDayTests {
  @Test(arguments: [
    (1970, 1, 1, 0, 4), (2000, 3, 1, 11_017, 3), (2023, 11, 16, 19_677, 4), (1969, 12, 31, -1, 3),
    (0, 3, 1, -719_468, 3),
  ])
  func daysAreCountedFrom1970(year: Int, month: Int, day: Int, number: Int, weekday: Int) {
    let date = CalendarDay(year: year, month: month, day: day)
    #expect(date.number == number && date.weekday == weekday)
    #expect(CalendarDay(number: number) == date)
  }

  @Test func everyNumberIsADayOfItsOwn() {
    for number in stride(from: -800_000, to: 800_000, by: 977) { #expect(CalendarDay(number: number).number == number) }
  }

  @Test func daysAreAddedAcrossMonthsAndYears() {
    let leap = CalendarDay(year: 2024, month: 2, day: 28)
    #expect(leap.adding(days: 2) == CalendarDay(year: 2024, month: 3, day: 1))
    #expect(CalendarDay(year: 2024, month: 1, day: 1).adding(days: -1) == CalendarDay(year: 2023, month: 12, day: 31))
  }

  /// The years with 53 weeks from 2000 to 2028, as ISO 8601 counts them.
  @Test func longYearsHave53Weeks() {
    #expect((2000...2028).filter { CalendarDay.weeks(of: $0) == 53 } == [2004, 2009, 2015, 2020, 2026])
    #expect(CalendarDay.firstMonday(of: 2021) == CalendarDay(year: 2021, month: 1, day: 4))
    #expect(CalendarDay.firstMonday(of: 2020) == CalendarDay(year: 2019, month: 12, day: 30))
  }
}
