/// The sizes of text and the gaps between the parts of a chart, in logical units.
enum Typography {
  static let title = 15.5
  static let subtitle = 12.5
  static let panelTitle = 12.5
  static let axisTitle = 11.5
  static let tick = 11.5
  static let label = 11.5

  /// The margin between the picture's edge and its content.
  static let margin = 14.0
  /// The gap between a tick label and the frame.
  static let tickGap = 7.0
  /// The gap between the frame and the names at the ends of lines.
  static let endGap = 8.0
  /// The gap between panels.
  static let gutter = 20.0
}
