import Plot

/// A figure that a report's head answers with, in the words in which it is shown.
struct HeadlineFigure: Codable, Hashable, Sendable {
  enum Judgement: String, Codable, Sendable {
    case better, worse
    /// As far as the figures are shown.
    case same
    /// The figure is neither good nor bad.
    case none
  }

  /// How it differs from that of the report before.
  struct Change: Codable, Hashable, Sendable {
    /// "+0.0141".
    var difference: String
    var judgement: Judgement
    /// What it was, as it was shown.
    var previous: String
  }

  var name: String
  /// With its unit: "0.274 ms".
  var value: String
  var change: Change?
  /// The figure itself, for curves over the weeks.
  var number: Double
  var better: Table.Column.Direction?
}
