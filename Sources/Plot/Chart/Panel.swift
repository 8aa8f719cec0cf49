/// A pair of axes and the marks between them, drawn in order.
public struct Panel: Codable, Hashable, Sendable {
  public var title: Phrase?
  public var x: Axis
  public var y: Axis
  public var layers: [Layer]
  /// Whether one unit of x is as long as one unit of y. Both axes then span the same values, and the panel is square.
  public var hasEqualAxes: Bool
  /// Whether positions are logical units, as in a drawing. The panel then shows them at their own size, or smaller
  /// together with texts and lines if there is less room, and the axes have the same scale.
  public var isDiagram: Bool
  /// The panel's fraction of the height, in proportion to the other rows.
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
