/// Sizes of text and the distances between the parts of a chart, in logical units.
enum Typography {
  static let title = 15.5
  static let subtitle = 12.5
  static let panelTitle = 12.5
  static let axisTitle = 11.5
  static let tick = 11.5
  static let label = 11.5

  /// Between the picture's edge and everything in it.
  static let margin = 14.0
  /// Between a tick's text and the frame.
  static let tickGap = 7.0
  /// Between the frame and the names at the ends of lines.
  static let endGap = 8.0
  /// Between panels.
  static let gutter = 20.0
}
