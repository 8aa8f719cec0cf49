/// A text whose upper left corner has its place.
struct PlacedText {
  var text: ShapedText
  var origin: Point
  var color: ColorRole
  /// An outline in the paper's colour keeps it readable on top of marks.
  var hasHalo = false

  var frame: Rectangle {
    Rectangle(left: origin.x, top: origin.y, right: origin.x + text.width, bottom: origin.y + text.height)
  }
}
