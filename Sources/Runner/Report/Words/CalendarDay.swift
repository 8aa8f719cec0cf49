/// A day of the calendar.
struct CalendarDay: Hashable, Sendable {
  var year: Int
  var month: Int
  var day: Int

  /// Reads `2023-11-16`; nil for anything else.
  init?(_ text: String) {
    guard let match = text.wholeMatch(of: /(\d{4})-(\d{1,2})-(\d{1,2})/), let year = Int(match.1),
      let month = Int(match.2),
      let day = Int(match.3), (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    (self.year, self.month, self.day) = (year, month, day)
  }
}
