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

  /// The days are counted by H. Hinnant, chrono-Compatible Low-Level Date Algorithms, 2021.
  init(secondsSince1970 seconds: Double) {
    // Years beyond these limits don't appear on charts, and would overflow integers.
    let whole = Int(clamping: min(max(seconds.isFinite ? seconds.rounded(.down) : 0, -4e12), 4e12))
    let days = whole >= 0 ? whole / 86400 : (whole - 86399) / 86400
    let rest = whole - days * 86400
    (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60)
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  /// The seconds since 1970 at midnight of a day. Months beyond December count into later years.
  static func seconds(year: Int, month: Int, day: Int = 1) -> Double {
    let months = year * 12 + month - 1
    let year = months >= 0 ? months / 12 : (months - 11) / 12
    let month = months - year * 12 + 1
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return Double(era * 146_097 + dayOfEra - 719_468) * 86400
  }

  /// The clock time: 14:05, or 14:05:09.
  func clock(withSeconds: Bool) -> String {
    withSeconds ? String(format: "%02d:%02d:%02d", hour, minute, second) : String(format: "%02d:%02d", hour, minute)
  }
}
