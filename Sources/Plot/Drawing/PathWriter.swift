internal import Basics

/// Writes short SVG path data: whole numbers, relative to the previous point.
struct PathWriter {
  private(set) var text = ""
  /// The number of written units per unit of the path's coordinates.
  let unit: Double
  private var here = (x: 0, y: 0)
  private var start = (x: 0, y: 0)
  private var command: Character = " "
  /// A move, which is written only if something follows it.
  private var pendingMove: (x: Int, y: Int)?

  /// - Parameter unit: The number of written units per unit of the coordinates.
  init(unit: Double) {
    self.unit = unit
  }

  private func whole(_ point: Point) -> (x: Int, y: Int) {
    // The limit is far beyond every drawing, and differences of two numbers stay within the integers.
    func whole(_ value: Double) -> Int { min(max(Int(clamping: (value * unit).rounded()), -1 << 40), 1 << 40) }
    return (whole(point.x), whole(point.y))
  }

  mutating func move(to point: Point) {
    pendingMove = whole(point)
  }

  mutating func line(to point: Point) {
    flushMove()
    let end = whole(point)
    let (dx, dy) = (end.x - here.x, end.y - here.y)
    guard dx != 0 || dy != 0 else { return }
    if dy == 0 {
      write("h", [dx])
    } else if dx == 0 {
      write("v", [dy])
    } else {
      write("l", [dx, dy])
    }
    here = end
  }

  mutating func curve(_ first: Point, _ second: Point, to point: Point) {
    flushMove()
    let (a, b, end) = (whole(first), whole(second), whole(point))
    guard a != here || b != here || end != here else { return }
    write("c", [a.x - here.x, a.y - here.y, b.x - here.x, b.y - here.y, end.x - here.x, end.y - here.y])
    here = end
  }

  mutating func close() {
    guard pendingMove == nil, !text.isEmpty, command != "z" else { return }
    text.append("z")
    command = "z"
    here = start
  }

  /// A closed rectangle. Its corners are quarter circles with an error of a thousandth of their radius.
  mutating func rectangle(_ rectangle: Rectangle, cornerRadius: Double) {
    let (left, top, right, bottom) = (rectangle.left, rectangle.top, rectangle.right, rectangle.bottom)
    let radius = min(cornerRadius, rectangle.width / 2, rectangle.height / 2)
    guard radius > 0 else {
      move(to: Point(x: left, y: top))
      line(to: Point(x: right, y: top))
      line(to: Point(x: right, y: bottom))
      line(to: Point(x: left, y: bottom))
      close()
      return
    }
    let handle = 0.4477 * radius
    move(to: Point(x: left + radius, y: top))
    line(to: Point(x: right - radius, y: top))
    curve(
      Point(x: right - handle, y: top), Point(x: right, y: top + handle), to: Point(x: right, y: top + radius))
    line(to: Point(x: right, y: bottom - radius))
    curve(
      Point(x: right, y: bottom - handle), Point(x: right - handle, y: bottom),
      to: Point(x: right - radius, y: bottom))
    line(to: Point(x: left + radius, y: bottom))
    curve(
      Point(x: left + handle, y: bottom), Point(x: left, y: bottom - handle), to: Point(x: left, y: bottom - radius))
    line(to: Point(x: left, y: top + radius))
    curve(Point(x: left, y: top + handle), Point(x: left + handle, y: top), to: Point(x: left + radius, y: top))
    close()
  }

  /// A point at which a marker is drawn: a move that is written although nothing follows.
  mutating func vertex(_ point: Point) {
    let place = whole(point)
    if text.isEmpty {
      write("M", [place.x, place.y])
    } else {
      write("l", [place.x - here.x, place.y - here.y])
    }
    here = place
  }

  private mutating func flushMove() {
    guard let place = pendingMove else { return }
    pendingMove = nil
    if text.isEmpty { write("M", [place.x, place.y]) } else { write("m", [place.x - here.x, place.y - here.y]) }
    // Numbers after those of a move are lines.
    command = command == "M" ? "L" : "l"
    here = place
    start = place
  }

  private mutating func write(_ next: Character, _ numbers: [Int]) {
    var isFirst = next != command
    if isFirst {
      text.append(next)
      command = next
    }
    for number in numbers {
      if !isFirst && number >= 0 { text.append(" ") }
      text += String(number)
      isFirst = false
    }
  }
}
