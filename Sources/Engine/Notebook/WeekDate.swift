import Basics
import Foundation

/// A date in the front matter of a weekly notebook: a day, a range of days or a week. It can be moved on by a week.
package enum WeekDate: Hashable, Sendable {
  /// A day, such as `2023-11-16`.
  case day(CalendarDay)
  /// A range of days, such as `2023-11-10/2023-11-16`.
  case days(CalendarDay, CalendarDay)
  /// A week, such as `2023-W46`, as ISO 8601 counts weeks.
  case week(Int, year: Int)

  /// The result is nil for a text that is none of these or names a day that doesn't exist.
  package init?(_ text: String) {
    let ends = text.split(separator: "/", omittingEmptySubsequences: false).map { CalendarDay(String($0)) }
    if ends.count == 1, let day = ends[0] {
      self = .day(day)
    } else if ends.count == 2, let first = ends[0], let last = ends[1], first.number <= last.number {
      self = .days(first, last)
    } else if let match = text.wholeMatch(of: /(\d{4})-W(\d{1,2})/), let year = Int(match.1), let week = Int(match.2),
      (1...CalendarDay.weeks(of: year)).contains(week)
    {
      self = .week(week, year: year)
    } else {
      return nil
    }
  }

  package static var today: WeekDate {
    let parts = Calendar(identifier: .gregorian).dateComponents([.year, .month, .day], from: Date())
    return .day(CalendarDay(year: parts.year ?? 1970, month: parts.month ?? 1, day: parts.day ?? 1))
  }

  package var weekLater: WeekDate {
    switch self {
    case .day(let day):
      return .day(day.adding(days: 7))
    case .days(let first, let last):
      return .days(first.adding(days: 7), last.adding(days: 7))
    case .week(let week, let year):
      return week < CalendarDay.weeks(of: year) ? .week(week + 1, year: year) : .week(1, year: year + 1)
    }
  }

  /// The text in the front matter.
  package var text: String {
    switch self {
    case .day(let day): day.text
    case .days(let first, let last): "\(first.text)/\(last.text)"
    case .week(let week, let year): String(format: "%04d-W%02d", year, week)
    }
  }

  /// The name of a notebook of this week: its day, or its last day.
  package var name: String {
    if case .days(_, let last) = self { last.text } else { text }
  }

  /// A number that differs from week to week. It becomes the seed.
  package var seed: Int {
    switch self {
    case .day(let day), .days(_, let day): day.month * 100 + day.day
    case .week(let week, _): week
    }
  }
}
