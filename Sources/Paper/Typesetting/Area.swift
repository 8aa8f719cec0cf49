/// A rectangle in logical units (1/96 inch).
struct Area: Hashable {
  var x: Double
  var y: Double
  var width: Double
  var height: Double

  init(x: Double, y: Double, width: Double, height: Double) {
    (self.x, self.y, self.width, self.height) = (x, y, width, height)
  }

  init(x: Double, y: Double, size: Double) {
    self.init(x: x, y: y, width: size, height: size)
  }

  var right: Double { x + width }
  var bottom: Double { y + height }

  func moved(x: Double = 0, y: Double = 0) -> Area {
    Area(x: self.x + x, y: self.y + y, width: width, height: height)
  }
}
