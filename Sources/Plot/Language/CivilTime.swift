internal import Basics
import Foundation

/// A point in time as calendar date and clock time in UTC.
struct CivilTime: Hashable, Sendable {
  var year: Int
  /// The month, 1 to 12.
  var month: Int
  /// The day, 1 to 31.
  var day: Int
  var hour: Int
  var minute: Int
  var second: Int

  init(secondsSince1970 seconds: Double) {
    // Years beyond these limits don't appear on charts, and would overflow integers.
    let whole = Int(clamping: min(max(seconds.isFinite ? seconds.rounded(.down) : 0, -4e12), 4e12))
    let days = whole >= 0 ? whole / 86400 : (whole - 86399) / 86400
    let rest = whole - days * 86400
    (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60)
    let date = CalendarDay(number: days)
    (year, month, day) = (date.year, date.month, date.day)
  }

  /// The seconds since 1970 at midnight of a day. Months beyond December count into later years.
  static func seconds(year: Int, month: Int, day: Int = 1) -> Double {
    let months = year * 12 + month - 1
    let year = months >= 0 ? months / 12 : (months - 11) / 12
    return Double(CalendarDay(year: year, month: months - year * 12 + 1, day: day).number) * 86400
  }

  /// The clock time: 14:05, or 14:05:09.
  func clock(withSeconds: Bool) -> String {
    withSeconds ? String(format: "%02d:%02d:%02d", hour, minute, second) : String(format: "%02d:%02d", hour, minute)
  }
}
