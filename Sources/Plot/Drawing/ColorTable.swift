/// The distinct colours of a picture, and a palette of at most 256 colours that approximates them.
struct ColorTable {
  /// The colours in the order of their first appearance, with red, green and blue in the lower 24 bits.
  private(set) var colors: [UInt32] = []
  private(set) var counts: [Int] = []
  /// A hash table with open addressing: the number of a colour, or none.
  private var slots = Array(repeating: Self.none, count: Self.slotCount)

  private static let none = UInt16.max
  private static let slotCount = 65_536
  /// The number of colours above which a palette is not worthwhile.
  static let limit = 30_000

  /// The greatest differences, of 255, between a component of a pixel and of its palette colour. They are invisible
  /// at the edges of letters, where such pixels are.
  static let tolerances = [0, 4, 8, 12, 16]

  /// The number of the most frequent colours that are always exact even if they are near each other, such as the grey
  /// of a grid and the tint of a faint line.
  static let exactCount = 12

  /// The number of a colour; nil beyond the limit.
  @inline(__always)
  mutating func number(of color: UInt32, adding count: Int) -> UInt16? {
    var slot = Int((color &* 0x9E37_79B1) >> 16)
    while slots[slot] != Self.none {
      let number = slots[slot]
      if colors[Int(number)] == color {
        counts[Int(number)] += count
        return number
      }
      slot = (slot + 1) & (Self.slotCount - 1)
    }
    guard colors.count < Self.limit else { return nil }
    let number = UInt16(colors.count)
    slots[slot] = number
    colors.append(color)
    counts.append(count)
    return number
  }

  /// A palette, and for each colour its index in it; nil if 256 colours don't suffice.
  ///
  /// The most frequent colours come first and are exact. Each other colour takes the first palette colour within the
  /// tolerance, or a new one.
  func palette() -> (colors: [UInt32], places: [UInt8])? {
    let order = colors.indices.sorted { (-counts[$0], $0) < (-counts[$1], $1) }
    for tolerance in Self.tolerances where tolerance > 0 || colors.count <= 256 {
      if let palette = palette(order: order, tolerance: tolerance) { return palette }
    }
    return nil
  }

  private func palette(order: [Int], tolerance: Int) -> (colors: [UInt32], places: [UInt8])? {
    var search = NearestColors(tolerance: tolerance)
    var places = Array(repeating: UInt8(0), count: colors.count)
    for (rank, number) in order.enumerated() {
      let color = colors[number]
      let near = rank < Self.exactCount ? nil : search.nearest(to: color)
      guard let place = near ?? search.add(color) else { return nil }
      places[number] = place
    }
    return (search.colors, places)
  }
}

/// Up to 256 colours. The nearest one to a given colour is found by searching at most eight cells of a grid.
private struct NearestColors {
  private(set) var colors: [UInt32] = []
  private let tolerance: Int
  /// The size of a cell is this power of two, so that a tolerance to both sides spans two cells.
  private let shift: Int
  /// The last colour in each cell, and for each colour the previous one in its cell; or none.
  private var cells: [Int16]
  private var before: [Int16] = []

  init(tolerance: Int) {
    self.tolerance = tolerance
    var shift = 3
    while 1 << shift < 2 * tolerance { shift += 1 }
    self.shift = shift
    cells = Array(repeating: -1, count: 1 << (3 * (8 - shift)))
  }

  private static func components(_ color: UInt32) -> (red: Int, green: Int, blue: Int) {
    (Int(color >> 16 & 0xFF), Int(color >> 8 & 0xFF), Int(color & 0xFF))
  }

  private func cell(_ red: Int, _ green: Int, _ blue: Int) -> Int {
    (red << (8 - shift) | green) << (8 - shift) | blue
  }

  /// The index of the nearest colour within the tolerance, the first of equally near ones; nil if there is none.
  func nearest(to color: UInt32) -> UInt8? {
    let own = Self.components(color)
    func range(_ component: Int) -> ClosedRange<Int> {
      max(0, component - tolerance) >> shift...min(255, component + tolerance) >> shift
    }
    let (reds, greens, blues) = (range(own.red), range(own.green), range(own.blue))
    var nearest = (distance: tolerance + 1, place: 256)
    for red in reds {
      for green in greens {
        for blue in blues {
          var place = Int(cells[cell(red, green, blue)])
          while place >= 0 {
            let other = Self.components(colors[place])
            let distance = max(abs(own.red - other.red), abs(own.green - other.green), abs(own.blue - other.blue))
            if (distance, place) < nearest { nearest = (distance, place) }
            place = Int(before[place])
          }
        }
      }
    }
    return nearest.distance <= tolerance ? UInt8(nearest.place) : nil
  }

  /// Adds a colour and returns its index; nil if there are 256 already.
  mutating func add(_ color: UInt32) -> UInt8? {
    guard colors.count < 256 else { return nil }
    let own = Self.components(color)
    let cell = cell(own.red >> shift, own.green >> shift, own.blue >> shift)
    before.append(cells[cell])
    cells[cell] = Int16(colors.count)
    colors.append(color)
    return UInt8(colors.count - 1)
  }
}
