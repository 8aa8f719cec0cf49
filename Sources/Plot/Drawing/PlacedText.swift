/// A text with the position of its upper left corner.
struct PlacedText {
  var text: ShapedText
  var origin: Point
  var color: ColorRole
  /// Whether an outline in the paper's colour keeps the text readable on top of marks.
  var hasHalo = false

  var frame: Rectangle {
    Rectangle(left: origin.x, top: origin.y, right: origin.x + text.width, bottom: origin.y + text.height)
  }
}
