/// A duration rounded for display: to a tenth of a second below ten seconds, to a second below an hour, else to a
/// minute.
package enum RoundedDuration: Equatable, Sendable {
  case tenths(Double)
  case seconds(Int)
  case minutes(Int, seconds: Int)
  case hours(Int, minutes: Int)

  /// - Parameter seconds: The duration. The result is nil if it is not finite.
  package init?(_ seconds: Double) {
    guard seconds.isFinite else { return nil }
    let whole = Int(clamping: seconds.rounded())
    if seconds < 9.95 {
      self = .tenths((seconds * 10).rounded() / 10)
    } else if whole < 60 {
      self = .seconds(whole)
    } else if whole < 3600 {
      self = .minutes(whole / 60, seconds: whole % 60)
    } else {
      self = .hours(whole / 3600, minutes: whole % 3600 / 60)
    }
  }
}
