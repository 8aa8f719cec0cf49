/// A pair of axes and the marks between them, drawn in order.
public struct Panel: Codable, Hashable, Sendable {
  public var title: Phrase?
  public var x: Axis
  public var y: Axis
  public var layers: [Layer]
  /// One unit of x is as long as one unit of y, both axes span the same values, and the panel is square.
  public var hasEqualAxes: Bool
  /// Positions are logical units, as in a drawing: the panel shows them at their own size, or smaller with texts and
  /// lines where it has less room, and both axes are as long as they span.
  public var isDiagram: Bool
  /// The panel's part of the height, in proportion to the other rows.
  public var heightShare: Double

  public init(
    title: Phrase? = nil, x: Axis = Axis(), y: Axis = Axis(showsGrid: true), layers: [Layer],
    hasEqualAxes: Bool = false, isDiagram: Bool = false, heightShare: Double = 1
  ) {
    self.title = title
    self.x = x
    self.y = y
    self.layers = layers
    self.hasEqualAxes = hasEqualAxes
    self.isDiagram = isDiagram
    self.heightShare = heightShare
  }
}
