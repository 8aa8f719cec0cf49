import Foundation

/// Round points in time along an axis: full years, months, Mondays, days or parts of a day, in UTC.
struct TimeTicks: Hashable, Sendable {
  /// The ticks, in seconds since 1970.
  var values: [Double]
  /// The format with the part of the date in which neighbouring ticks differ.
  var format: DateFormat

  private enum Step: Hashable {
    case months(Int)
    /// A number of seconds from an origin. With a suitable origin, weeks begin on Monday.
    case seconds(Double, origin: Double)

    /// The approximate length in seconds.
    var length: Double {
      switch self {
      case .months(let count): Double(count) * 30.436875 * 86400
      case .seconds(let count, _): count
      }
    }

    var format: DateFormat {
      switch self {
      case .months(let count): count.isMultiple(of: 12) ? .year : .month
      case .seconds(let count, _): count >= 86400 ? .day : count >= 60 ? .minute : .second
      }
    }

    func values(from low: Double, to high: Double) -> [Double] {
      switch self {
      case .seconds(let count, let origin):
        let first = ((low - origin) / count).rounded(.up)
        let last = ((high - origin) / count).rounded(.down)
        guard last >= first, last - first < 1000 else { return [] }
        return stride(from: first, through: last, by: 1).map { origin + $0 * count }
      case .months(let count):
        var month = CivilTime(secondsSince1970: low).year * 12 / count * count
        var values: [Double] = []
        while values.count < 1000 {
          let value = CivilTime.seconds(year: 0, month: month + 1)
          if value > high { break }
          if value >= low { values.append(value) }
          month += count
        }
        return values
      }
    }
  }

  private static func steps(weeksFrom origin: Double) -> [Step] {
    [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172_800].map {
      Step.seconds($0, origin: 0)
    }
      // bounded: no Duration but a step of this enumeration
      + [7, 14].map { .seconds($0 * 86400, origin: (origin / 86400).rounded(.down) * 86400) }
      + [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 6000, 12000].map { .months($0) }
  }

  /// The finest step with at most the wanted number of ticks.
  ///
  /// - Parameter weeksFrom: A point in time on the day on which weeks begin; nil for Monday.
  init(from low: Double, to high: Double, count: Int, weeksFrom: Double? = nil) {
    let span = high - low
    // 5 January 1970 was a Monday.
    for step in Self.steps(weeksFrom: weeksFrom ?? 4 * 86400)
    where span / step.length <= Double(max(2, count)) * 1.5 {
      values = step.values(from: low, to: high)
      format = step.format
      if values.count <= max(2, count) { return }
    }
    values = [low]
    format = .year
  }

  /// Ticks on given days.
  init(days: [Double]) {
    values = days
    format = .day
  }

  /// A label for each tick. The first one, and each in another year or on another day than the one before, also names
  /// that year or day on a second line.
  var labels: [Phrase] {
    var before: CivilTime?
    return values.map { value in
      let time = CivilTime(secondsSince1970: value)
      defer { before = time }
      let label = Phrase.date(value, format)
      switch format {
      case .year, .monthOfYear, .date: return label
      case .month, .day:
        return before?.year == time.year ? label : Phrase(.lines, .phrase(label), .date(value, .year))
      case .minute, .second:
        let isSameDay = before.map { ($0.year, $0.month, $0.day) == (time.year, time.month, time.day) } ?? false
        return isSameDay ? label : Phrase(.lines, .phrase(label), .date(value, .date))
      }
    }
  }
}
