/// The different colours of a picture, and a palette of at most 256 that stands for them.
struct ColorTable {
  /// Red, green and blue in the lower 24 bits, in the order in which they first occur.
  private(set) var colors: [UInt32] = []
  private(set) var counts: [Int] = []
  /// Open addressing: a colour's number, or none.
  private var slots = Array(repeating: Self.none, count: Self.slotCount)

  private static let none = UInt16.max
  private static let slotCount = 65_536
  /// More are not worth a palette.
  static let limit = 30_000

  /// How far, of 255, a component of a pixel may be from its own: less than the eye sees in the rim of a letter, where such
  /// pixels are.
  static let tolerances = [0, 4, 8, 12, 16]

  /// The number of a colour, nil beyond the limit.
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

  /// A palette, and for each colour its place in it; nil when 256 colours don't suffice.
  ///
  /// The most frequent colours come first and keep themselves; a later one takes the first place within the tolerance, or a new
  /// one.
  func palette() -> (colors: [UInt32], places: [UInt8])? {
    let order = colors.indices.sorted { (-counts[$0], $0) < (-counts[$1], $1) }
    for tolerance in Self.tolerances where tolerance > 0 || colors.count <= 256 {
      if let palette = palette(order: order, tolerance: tolerance) { return palette }
    }
    return nil
  }

  private func palette(order: [Int], tolerance: Int) -> (colors: [UInt32], places: [UInt8])? {
    var palette: [UInt32] = []
    var components: [SIMD4<Int16>] = []
    var places = Array(repeating: UInt8(0), count: colors.count)
    for number in order {
      let own = Self.components(colors[number])
      var nearest = (place: -1, distance: Int16(tolerance) + 1)
      for place in components.indices {
        let difference = own &- components[place]
        let distance = max(difference.max(), -difference.min())
        if distance < nearest.distance { nearest = (place, distance) }
      }
      if nearest.place < 0 {
        guard palette.count < 256 else { return nil }
        nearest.place = palette.count
        palette.append(colors[number])
        components.append(own)
      }
      places[number] = UInt8(nearest.place)
    }
    return (palette, places)
  }

  private static func components(_ color: UInt32) -> SIMD4<Int16> {
    SIMD4(Int16(color >> 16 & 0xFF), Int16(color >> 8 & 0xFF), Int16(color & 0xFF), 0)
  }
}
