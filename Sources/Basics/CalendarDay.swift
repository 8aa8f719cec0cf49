/// A day of the Gregorian calendar, which is continued to all years before and after its own.
///
/// The formulas are from H. Hinnant, chrono-Compatible Low-Level Date Algorithms, 2021.
package struct CalendarDay: Hashable, Sendable {
  package var year: Int
  /// The month, 1 to 12.
  package var month: Int
  /// The day, 1 to 31.
  package var day: Int

  package init(year: Int, month: Int, day: Int) {
    (self.year, self.month, self.day) = (year, month, day)
  }

  /// - Parameter number: Days since 1970-01-01.
  package init(number: Int) {
    let shifted = number + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9)
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  /// Days since 1970-01-01. A day beyond its month's end counts into the next month.
  package var number: Int {
    let year = month <= 2 ? self.year - 1 : self.year
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// The day of the week, from 1 for Monday to 7 for Sunday.
  package var weekday: Int { ((number + 3) % 7 + 7) % 7 + 1 }

  package func adding(days: Int) -> CalendarDay { CalendarDay(number: number + days) }

  /// The Monday of a year's first ISO 8601 week, which contains 4 January.
  package static func firstMonday(of year: Int) -> CalendarDay {
    let fourth = CalendarDay(year: year, month: 1, day: 4)
    return fourth.adding(days: 1 - fourth.weekday)
  }

  /// The number of a year's ISO 8601 weeks: 52 or 53.
  package static func weeks(of year: Int) -> Int {
    (firstMonday(of: year + 1).number - firstMonday(of: year).number) / 7
  }
}
