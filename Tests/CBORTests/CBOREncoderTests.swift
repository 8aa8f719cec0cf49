import Foundation
import Testing

@testable import CBOR

@Suite struct CBOREncoderTests {
  /// The encoded bytes in hexadecimal, without the three bytes of the self-described CBOR tag.
  static func hex(_ value: some Encodable) throws -> String {
    try CBOREncoder().encode(value).data.dropFirst(3).map { String(format: "%02x", $0) }.joined()
  }

  struct Point: Codable, Hashable {
    var x = 1.5
    var name = "p"
    var a = 1
  }

  struct Empty: Codable, Hashable {}

  /// Most values are from RFC 8949, appendix A; typed arrays follow RFC 8746.
  @Test func bytesAreThoseOfTheStandard() throws {
    #expect(try Self.hex(0) == "00")
    #expect(try Self.hex(23) == "17")
    #expect(try Self.hex(24) == "1818")
    #expect(try Self.hex(1000) == "1903e8")
    #expect(try Self.hex(1_000_000_000_000) == "1b000000e8d4a51000")
    #expect(try Self.hex(UInt64.max) == "1bffffffffffffffff")
    #expect(try Self.hex(UInt128(UInt64.max) + 1) == "c249010000000000000000")
    #expect(try Self.hex(-1) == "20")
    #expect(try Self.hex(-1000) == "3903e7")
    #expect(try Self.hex(Int128(-18_446_744_073_709_551_617)) == "c349010000000000000000")
    #expect(try Self.hex(0.0) == "f90000")
    #expect(try Self.hex(-0.0) == "f98000")
    #expect(try Self.hex(1.1) == "fb3ff199999999999a")
    #expect(try Self.hex(65504.0) == "f97bff")
    #expect(try Self.hex(100_000.0) == "fa47c35000")
    #expect(try Self.hex(5.960464477539063e-8) == "f90001")
    #expect(try Self.hex(-Double.infinity) == "f9fc00")
    #expect(try Self.hex(-Double.nan) == "f97e00")
    #expect(try Self.hex([false, true]) == "82f4f5")
    #expect(try Self.hex("水") == "63e6b0b4")
    #expect(try Self.hex(Data([1, 2, 3, 4])) == "4401020304")
    #expect(try Self.hex(["a": "A", "b": "B"]) == "a26161614161626142")
    #expect(try Self.hex(Point()) == "a36161016178f93e00646e616d656170")
    #expect(try Self.hex([1.5]) == "d85648000000000000f83f")
    #expect(try Self.hex([1.5] as [Float]) == "d855440000c03f")
    #expect(try Self.hex([1, 2] as [UInt16]) == "d8454401000200")
    #expect(try Self.hex([1] as [Int8]) == "d8484101")
    #expect(try Self.hex([7]) == "d84f480700000000000000")
    #expect(try Self.hex([Double]()) == "d85640")
    #expect(try Self.hex(Empty()) == "a0")
    #expect(try Self.hex(Int?.none) == "f6")
  }

  @Test func countsOfAllSizesComeBack() throws {
    for count in [0, 1, 23, 24, 255, 256, 65_535, 65_536] {
      let list = (0..<count).map { "\($0)" }
      let data = try CBOREncoder().encode(list).data
      #expect(try CBORDecoder().decode([String].self, from: data) == list)
      let map = Dictionary(uniqueKeysWithValues: list.map { ($0, $0) })
      #expect(try CBORDecoder().decode([String: String].self, from: try CBOREncoder().encode(map).data) == map)
    }
  }

  @Test func orderDoesNotDependOnHowAValueWasMade() throws {
    let forward = (0..<500).map { Double($0) }
    var (first, second) = (Set(forward), Set<Double>(minimumCapacity: 5000))
    for number in forward.reversed() { second.insert(number) }
    #expect(try Self.hex(first) == Self.hex(second))
    var (left, right) = ([Point: [Int]](), [Point: [Int]](minimumCapacity: 3000))
    for index in 0..<100 { left[Point(a: index)] = [index] }
    for index in (0..<100).reversed() { right[Point(a: index)] = [index] }
    #expect(try Self.hex(left) == Self.hex(right))
    first.remove(3)
    #expect(try Self.hex(first) != Self.hex(second))
  }

  @Test func whatIsNoNumberHasOneForm() throws {
    let odd = Double(bitPattern: 0xFFF8_0000_0000_0123)
    #expect(try Self.hex(odd) == Self.hex(Double.nan))
    #expect(try Self.hex([odd, 1]) == Self.hex([Double.nan, 1]))
    // Large arrays aren't copied until they are written.
    var (long, other) = (Array(repeating: 0.5, count: 100_000), Array(repeating: 0.5, count: 100_000))
    long[77_777] = odd
    other[77_777] = .nan
    #expect(try CBOREncoder().encode(long).data == CBOREncoder().encode(other).data)
    #expect(long[77_777].bitPattern == odd.bitPattern)
  }

  struct Weights: Codable, Equatable {
    var z: [Float]
    var layers: [String: [Double]]
    var a: [Int]
    var after = "end"
  }

  @Test func largeArraysKeepTheirPlaceWhenEntriesAreSorted() throws {
    let weights = Weights(
      z: (0..<50_000).map { Float($0) * 0.1 },
      layers: ["second": (0..<20_000).map { Double($0) }, "b": (0..<30_000).map { -Double($0) }, "c": []],
      a: Array(0..<40_000))
    let encoded = try CBOREncoder().encode([weights, weights])
    #expect(encoded.count == encoded.data.count)
    #expect(try CBORDecoder().decode([Weights].self, from: encoded.data) == [weights, weights])
    guard case .list(let items) = try CBORItem(encoded.data), case .map(let first) = items[0],
      case .numbers(let z)? = first["z"]
    else {
      Issue.record("the tree is another one")
      return
    }
    #expect(z[49_999] == .number(Double(Float(49_999) * 0.1)))
  }

  /// A value that writes to the outer container while inner ones are open.
  struct Interleaved: Codable, Equatable {
    var values: [Int]

    enum Key: String, CodingKey { case inner, list, last, first, middle }

    init(values: [Int]) { self.values = values }

    func encode(to encoder: any Encoder) throws {
      var outer = encoder.container(keyedBy: Key.self)
      var inner = outer.nestedContainer(keyedBy: Key.self, forKey: .inner)
      var list = outer.nestedUnkeyedContainer(forKey: .list)
      try inner.encode(values[0], forKey: .last)
      var deep = list.nestedContainer(keyedBy: Key.self)
      try outer.encode("first", forKey: .first)
      try list.encode(values[1])
      try deep.encode(values[2], forKey: .middle)
      try inner.encode(values[3], forKey: .first)
      try list.encode(values[4])
    }

    init(from decoder: any Decoder) throws {
      let outer = try decoder.container(keyedBy: Key.self)
      let inner = try outer.nestedContainer(keyedBy: Key.self, forKey: .inner)
      var list = try outer.nestedUnkeyedContainer(forKey: .list)
      let deep = try list.nestedContainer(keyedBy: Key.self)
      values = [
        try inner.decode(Int.self, forKey: .last), try list.decode(Int.self),
        try deep.decode(Int.self, forKey: .middle),
        try inner.decode(Int.self, forKey: .first), try list.decode(Int.self),
      ]
      if try outer.decode(String.self, forKey: .first) != "first" { values = [] }
    }
  }

  @Test func containersMayBeFilledInTurns() throws {
    let values = (0..<20).map { Interleaved(values: [$0, $0 + 1, 300 * $0, -$0, $0]) }
    let data = try CBOREncoder().encode(values).data
    #expect(try CBORDecoder().decode([Interleaved].self, from: data) == values)
  }

  /// A value that ignores the error of one entry and writes the next.
  struct Forgiving: Encodable {
    struct Failing: Encodable {
      func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(1)
        throw CocoaError(.coderInvalidValue)
      }
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Interleaved.Key.self)
      try container.encode(1, forKey: .first)
      try? container.encode(Failing(), forKey: .middle)
      try container.encode(2, forKey: .last)
    }
  }

  @Test func anEntryThatFailsLeavesNothing() throws {
    #expect(try Self.hex(Forgiving()) == Self.hex(["first": 1, "last": 2]))
  }

  /// The bytes that are handed over in parts, and the number of parts.
  static func handedOver(_ value: some Encodable) throws -> (data: Data, parts: Int) {
    nonisolated(unsafe) var (data, parts) = (Data(), 0)
    let rest = try CBOREncoder().encode(value) { part in
      data += part.data
      parts += 1
    }
    return (data + rest.data, parts)
  }

  @Test func longListsAreHandedOverInParts() throws {
    let points = (0..<80_000).map { Point(name: "p\($0)", a: $0) }
    let numbers = (0..<20).map { row in (0..<20_000).map { Double($0 + row) } }
    let weights = (0..<4).map { row in
      Weights(z: (0..<200_000).map { Float($0 + row) }, layers: ["a": [1]], a: Array(0..<100))
    }
    func check(_ value: some Encodable) throws {
      let (data, parts) = try Self.handedOver(value)
      #expect(try data == CBOREncoder().encode(value).data)
      #expect(parts > 0)
    }
    try check(points)
    try check([points, [], points])
    try check(points.map(Optional.some))
    try check(numbers)
    try check(weights)
    #expect(try CBORDecoder().decode([Point].self, from: Self.handedOver(points).data) == points)
  }

  /// Lists in sets and maps, whose places aren't known before their end.
  @Test func otherValuesAreHandedOverAsAWhole() throws {
    let points = (0..<40_000).map { Point(name: "p\($0)", a: $0) }
    let (map, set) = (["b": points, "a": points], [[points], [[Point]]()] as Set)
    #expect(try Self.handedOver(map) == (CBOREncoder().encode(map).data, 0))
    #expect(try Self.handedOver(set) == (CBOREncoder().encode(set).data, 0))
  }

  /// A structure whose keys aren't written in the order of their bytes, with lists at several depths.
  struct Study: Codable, Equatable {
    struct Part: Codable, Equatable {
      var title: String
      var rows: [Point]
      var weights: [Weights] = []
    }
    /// A structure that is written as its only property.
    struct Rows: Codable, Equatable {
      var points: [Point]

      init(_ points: [Point]) { self.points = points }

      init(from decoder: any Decoder) throws { points = try decoder.singleValueContainer().decode([Point].self) }

      func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(points)
      }
    }

    var zeta: [Point]
    var name = "study"
    var parts: [String: Part]
    var a: Rows
    var optional: [Point]?
  }

  /// Lists inside structures go to a file while they are written, and the bytes are the same.
  @Test func longListsInsideStructuresAreSetAside() throws {
    let points = (0..<60_000).map { Point(name: "p\($0)", a: $0) }
    let weights = (0..<30).map { row in
      Weights(z: (0..<20_000).map { Float($0 + row) }, layers: ["a": [1]], a: Array(0..<9_000))
    }
    let study = Study(
      zeta: points,
      parts: [
        "long": .init(title: "one", rows: points, weights: weights), "short": .init(title: "two", rows: []),
        "b": .init(title: "three", rows: Array(points.suffix(40_000))),
      ], a: .init(points), optional: points)
    var encoder = CBOREncoder()
    encoder.temporaryFolder = FileManager.default.temporaryDirectory.path
    func check<Value: Codable & Equatable>(_ value: Value) throws {
      let encoded = try encoder.encode(value)
      let data = encoded.data
      #expect(data.count == encoded.count)
      #expect(try data == CBOREncoder().encode(value).data)
      #expect(try CBORDecoder().decode(Value.self, from: data) == value)
      #expect(encoded.ownCount < encoded.count / 4, "\(encoded.ownCount) of \(encoded.count)")
      var parts = Data()
      let rest = try encoder.encode(value) { parts += $0.data }
      #expect(parts + rest.data == data)
    }
    try check(study)
    try check([study, study])
    try check(["b": points, "a": points])
    try check(Study.Rows(points))
    // Without a folder that can be written to, all stays in memory.
    encoder.temporaryFolder = "/no/such/folder"
    #expect(try encoder.encode(study).data == CBOREncoder().encode(study).data)
  }

  /// An element of a long list, which may fail.
  struct Item: Encodable {
    var fails: Bool

    func encode(to encoder: any Encoder) throws {
      if fails { throw CocoaError(.coderInvalidValue) }
      try Point(name: "a name of some length, so that the list is long").encode(to: encoder)
    }
  }

  /// A value that gives up a long list, of which a part was set aside, and writes something else in its place.
  @Test func aListThatFailsLeavesNothingSetAside() throws {
    struct Single: Encodable {
      var items: [Item]

      func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        do { try container.encode(items) } catch { try container.encode("none") }
      }
    }
    struct Keyed: Encodable {
      enum Key: CodingKey { case b, a, c }
      var items: [Item]

      func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(items.dropLast(1).map(\.self), forKey: .b)
        try? container.encode(items, forKey: .a)
        try container.encode(Single(items: items), forKey: .c)
      }
    }
    let value = Keyed(items: (0..<60_000).map { Item(fails: $0 == 59_999) })
    var encoder = CBOREncoder()
    encoder.temporaryFolder = FileManager.default.temporaryDirectory.path
    #expect(try encoder.encode(value).data == CBOREncoder().encode(value).data)
    #expect(try encoder.encode(["x": value]).data == CBOREncoder().encode(["x": value]).data)
  }

  @Test func aFailureInALongListIsThrown() throws {
    let list = (0..<30_000).map { Item(fails: $0 == 29_999) }
    #expect(throws: CocoaError.self) { try Self.handedOver(list) }
    #expect(throws: CocoaError.self) { try Self.handedOver([list]) }
    // An element that leaves out an entry that fails.
    let forgiving = Array(repeating: Forgiving(), count: 80_000)
    #expect(try Self.handedOver(forgiving).data == CBOREncoder().encode(forgiving).data)
  }

  indirect enum Chain: Codable {
    case end
    case link(Chain)
  }

  @Test func depthHasALimit() {
    var chain = Chain.end
    for _ in 0..<2000 { chain = .link(chain) }
    #expect(throws: EncodingError.self) { try CBOREncoder().encode(chain) }
  }
}
