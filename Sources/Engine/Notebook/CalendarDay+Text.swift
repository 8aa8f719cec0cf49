import Basics
import Foundation

/// Days as they are written in a front matter.
extension CalendarDay {
  /// Reads `2023-11-16`; nil for anything else and for days that the calendar doesn't have.
  package init?(_ text: String) {
    guard let match = text.wholeMatch(of: /(\d{4})-(\d{1,2})-(\d{1,2})/), let year = Int(match.1),
      let month = Int(match.2), let day = Int(match.3), 1...12 ~= month, 1...31 ~= day
    else { return nil }
    self.init(year: year, month: month, day: day)
    // 30 February is counted as 1 or 2 March.
    guard CalendarDay(number: number) == self else { return nil }
  }

  /// The day as `2023-11-16`.
  package var text: String { String(format: "%04d-%02d-%02d", year, month, day) }

  /// The problem with a date that looks like a day, a range of days or a week but isn't valid; nil for all other
  /// text.
  package static func problem(_ text: String) -> String? {
    if let match = text.wholeMatch(of: /(\d{4})-W(\d{1,2})/), let year = Int(match.1), let week = Int(match.2) {
      let count = weeks(of: year)
      return (1...count).contains(week) ? nil : "\(year) has no week \(week): it has \(count)"
    }
    let ends = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    let pattern = /\d{4}-\d{1,2}-\d{1,2}/
    guard ends.count <= 2, ends.allSatisfy({ $0.wholeMatch(of: pattern) != nil }) else { return nil }
    if let wrong = ends.first(where: { CalendarDay($0) == nil }) { return "there is no day \(wrong)" }
    let days = ends.compactMap { CalendarDay($0)?.number }
    return days.count == 2 && days[1] < days[0] ? "\(ends[1]) is before \(ends[0])" : nil
  }

  /// The last day of a front matter's date: the day itself, the end of a range, or a week's Sunday. The result is nil
  /// for any other text.
  package static func last(_ text: String) -> CalendarDay? {
    if let day = CalendarDay(text) { return day }
    if let end = text.split(separator: "/", omittingEmptySubsequences: false).last, end.count < text.count {
      return CalendarDay(String(end))
    }
    guard case .week(let week, let year)? = WeekDate(text) else { return nil }
    return firstMonday(of: year).adding(days: 7 * week - 1)
  }
}
