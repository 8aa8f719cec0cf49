/// The parts of a point in time that are written. Each language has its own order and words for them.
public enum DateFormat: String, Codable, Hashable, Sendable {
  /// 2023
  case year
  /// Nov, 11月
  case month
  /// Nov 2023, 2023年11月
  case monthOfYear
  /// 16 Nov, 11月16日
  case day
  /// 16 Nov 2023, 2023年11月16日
  case date
  /// 14:05
  case minute
  /// 14:05:09
  case second
}
