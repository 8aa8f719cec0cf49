/// A day of the calendar.
package struct CalendarDay: Hashable, Sendable {
  package var year: Int
  package var month: Int
  package var day: Int

  package init(year: Int, month: Int, day: Int) {
    (self.year, self.month, self.day) = (year, month, day)
  }

  /// Reads `2023-11-16`; nil for anything else and for days that the calendar doesn't have.
  package init?(_ text: String) {
    guard let match = text.wholeMatch(of: /(\d{4})-(\d{1,2})-(\d{1,2})/), let year = Int(match.1),
      let month = Int(match.2),
      let day = Int(match.3), (1...12).contains(month), (1...Self.length(ofMonth: month, year)).contains(day)
    else { return nil }
    (self.year, self.month, self.day) = (year, month, day)
    // The calendar turns 30 February into 1 or 2 March.
    guard CalendarDay(number: number) == self else { return nil }
  }

  private static func length(ofMonth month: Int, _ year: Int) -> Int {
    if month == 2 { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28 }
    return [4, 6, 9, 11].contains(month) ? 30 : 31
  }

  /// The number of weeks of a year by ISO 8601: 53 if the year begins or ends on a Thursday, else 52.
  package static func weeks(ofYear year: Int) -> Int {
    let ends = [CalendarDay("\(year)-01-01"), CalendarDay("\(year)-12-31")]
    return ends.contains { $0?.weekday == 4 } ? 53 : 52
  }

  /// The problem with a date that looks like a day, a range of days or a week but isn't valid; nil for all other
  /// text.
  package static func problem(_ text: String) -> String? {
    if let match = text.wholeMatch(of: /(\d{4})-W(\d{1,2})/), let year = Int(match.1), let week = Int(match.2) {
      let count = weeks(ofYear: year)
      return (1...count).contains(week) ? nil : "\(year) has no week \(week): it has \(count)"
    }
    let ends = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    let pattern = /\d{4}-\d{1,2}-\d{1,2}/
    guard ends.count <= 2, ends.allSatisfy({ $0.wholeMatch(of: pattern) != nil }) else { return nil }
    if let wrong = ends.first(where: { CalendarDay($0) == nil }) { return "there is no day \(wrong)" }
    let days = ends.compactMap { CalendarDay($0)?.number }
    return days.count == 2 && days[1] < days[0] ? "\(ends[1]) is before \(ends[0])" : nil
  }

  /// Days since 1970-01-01. The formula is from H. Hinnant, "chrono-compatible low-level date algorithms".
  package var number: Int {
    let year = month <= 2 ? self.year - 1 : self.year
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// The day of the week, from 1 for Monday to 7 for Sunday.
  package var weekday: Int { ((number + 3) % 7 + 7) % 7 + 1 }

  /// The last day of a front matter's date: the day itself, the end of a range, or a week's Sunday. The result is nil
  /// for any other text.
  package static func last(_ text: String) -> CalendarDay? {
    if let day = CalendarDay(text) { return day }
    if let end = text.split(separator: "/", omittingEmptySubsequences: false).last, end.count < text.count {
      return CalendarDay(String(end))
    }
    guard case .week(let week, let year)? = WeekDate(text) else { return nil }
    return CalendarDay(number: firstMonday(of: year).number + 7 * week - 1)
  }

  /// The Monday of a year's first ISO 8601 week, which contains 4 January.
  package static func firstMonday(of year: Int) -> CalendarDay {
    let fourth = CalendarDay(year: year, month: 1, day: 4)
    return CalendarDay(number: fourth.number - fourth.weekday + 1)
  }

  /// The number of weeks: 52 or 53.
  package static func weeks(of year: Int) -> Int {
    (firstMonday(of: year + 1).number - firstMonday(of: year).number) / 7
  }

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
}
