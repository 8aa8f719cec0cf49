import Foundation
import Testing

@testable import CBOR

@Suite struct CBORDecoderTests {
  enum Axis: String, Codable, CodingKeyRepresentable { case x, y }

  enum Shape: Codable, Hashable {
    case point
    case circle(Double)
    case rectangle(width: Float, height: Float?)
    indirect case both(Shape, [Shape])
  }

  class Animal: Codable {
    var name: String
    init(name: String) { self.name = name }
  }

  final class Dog: Animal {
    var tricks: [String]
    enum Key: CodingKey { case tricks }

    init(name: String, tricks: [String]) {
      self.tricks = tricks
      super.init(name: name)
    }

    required init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      tricks = try container.decode([String].self, forKey: .tricks)
      try super.init(from: container.superDecoder())
    }

    override func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(tricks, forKey: .tricks)
      try super.encode(to: container.superEncoder())
    }
  }

  struct Everything: Codable, Hashable {
    var flag = true
    var bytes: [UInt8] = [0, 255]
    var data = Data([9, 8, 7])
    var date = Date(timeIntervalSinceReferenceDate: 123.456)
    var url = URL(string: "https://example.org/a?b=1#c")
    var decimal = Decimal(string: "-12345678901234567890.5")
    var uuid = UUID(uuidString: "E621E1F8-C36C-495A-93FC-0C247A3E6E5F")
    var small: Int8 = -128
    var large = UInt64.max
    var lowest = Int64.min
    var half: Float16 = 1.5
    var single: Float = 0.1
    var zero = -0.0
    var infinite = Double.infinity
    var missing: Int?
    var nested: [[Double]] = [[1, 2], [], [3]]
    var optionals: [Int?] = [1, nil, 3]
    var strings = ["", "a", "剪枝", "é", "e\u{301}", String(repeating: "x", count: 300)]
    var numbered = [1: "one", -20: "minus twenty"]
    var shapes: [Shape: Int] = [.point: 1, .circle(2): 2]
    var set: Set<String> = ["x", "y", "z"]
    var shape = Shape.both(.rectangle(width: 1, height: nil), [.point, .circle(.pi), .both(.point, [])])
    var range = 1..<5
    var pair = [Axis.x: 1.5]
    var ints: [Int32] = [1, -1]
    var floats: [Float] = [0.1, -0.0]
  }

  private func again<Value: Codable>(_ value: Value) throws -> Value {
    let encoded = try CBOREncoder().encode(value)
    #expect(encoded.count == encoded.data.count)
    let read = try CBORDecoder().decode(Value.self, from: encoded.data)
    // The same value gives the same bytes.
    #expect(try CBOREncoder().encode(read).data == encoded.data)
    return read
  }

  @Test func everyShapeComesBack() throws {
    let value = Everything()
    let read = try again(value)
    #expect(read == value)
    #expect(read.zero.sign == .minus && read.floats[1].sign == .minus)
    #expect(try again([value, value]) == [value, value])
    let dog = try again(Dog(name: "Rex", tricks: ["sit"]))
    #expect(dog.name == "Rex" && dog.tricks == ["sit"])
    #expect(try again(Int128.min) == .min)
    #expect(try again(UInt128.max) == .max)
    #expect(try again(Double.nan).isNaN)
    #expect(try again([Float.nan, 1])[0].isNaN)
    #expect(try again(Int?.none) == nil)
    #expect(try again([String: Int]()).isEmpty)
  }

  /// `JSONEncoder` writes the same text for the decoded values as for the encoded ones.
  @Test func jsonOfWhatComesBackIsTheSame() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    var value = Everything()
    // In JSON, the order of several keys depends on their hashes, so there is one.
    value.shapes = [.point: 1]
    value.set = ["x"]
    #expect(try encoder.encode(again(value)) == encoder.encode(value))
  }

  @Test func numbersAreReadAsOtherTypes() throws {
    func read<Value: Decodable>(_ value: some Encodable, as type: Value.Type) throws -> Value {
      try CBORDecoder().decode(type, from: CBOREncoder().encode(value).data)
    }
    #expect(try read([1, 2, 3], as: [Double].self) == [1, 2, 3])
    #expect(try read([1.5, 2.5] as [Float], as: [Double].self) == [1.5, 2.5])
    #expect(try read([1, 2, 3], as: [Int8?].self) == [1, 2, 3])
    #expect(try read([1, 2] as [UInt8], as: Set<Int>.self) == [1, 2])
    #expect(try read(3, as: Double.self) == 3)
    #expect(throws: DecodingError.self) { try read(3.0, as: Int.self) }
    #expect(throws: DecodingError.self) { try read(300, as: Int8.self) }
    #expect(throws: DecodingError.self) { try read(-1, as: UInt.self) }
    #expect(throws: DecodingError.self) { try read([1000], as: [Int8].self) }
    #expect(throws: DecodingError.self) { try read(1e300, as: Float.self) }
  }

  struct Outer: Codable {
    struct Inner: Codable { var number: Int }
    var list: [Inner]
  }

  @Test func errorsNameTheirPlace() throws {
    let data = try CBOREncoder().encode(["list": [["number": "1"], ["number": "x"]]]).data
    let error = #expect(throws: DecodingError.self) { try CBORDecoder().decode(Outer.self, from: data) }
    if case .typeMismatch(_, let context)? = error {
      #expect(context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue } == ["list", "0", "number"])
      #expect(context.debugDescription == "a whole number was expected, but found text, at byte 18")
    } else {
      Issue.record("another error: \(String(describing: error))")
    }
    let missing = try CBOREncoder().encode(["list": [[String: Int]()]]).data
    let lost = #expect(throws: DecodingError.self) { try CBORDecoder().decode(Outer.self, from: missing) }
    if case .keyNotFound(let key, _)? = lost { #expect(key.stringValue == "number") } else { Issue.record("no key") }
  }

  /// A value whose depth is that of the input.
  struct Nested: Decodable {
    var inner: [Nested] = []

    init(from decoder: any Decoder) throws {
      var container = try decoder.unkeyedContainer()
      while !container.isAtEnd { inner.append(try container.decode(Nested.self)) }
    }
  }

  /// Lengths beyond the end of the input, unlimited depths, and invalid forms.
  @Test(arguments: [
    "", "9b00ffffffffffffff", "bb7fffffffffffffff", "5bffffffffffffffff00", "7b7fffffffffffffff61", "d8565affffffff",
    "9f01ff", "f7", "f818", "d8564700000000000000", "61ff", "fb3ff1", "c1", "ff", "fc", "1c", "8301", "d9d9f7", "0000",
    "81 100000 times, then 00", "d856 50000 times, then 40",
  ])
  func foreignBytesAreErrors(_ hex: String) {
    let words = hex.split(separator: " ")
    let isLong = words.count > 1
    let digits = Array((isLong ? String(repeating: String(words[0]), count: Int(words[1]) ?? 0) + words[4] : hex).utf8)
    let data = Data(
      stride(from: 0, to: digits.count, by: 2).compactMap {
        UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
      })
    #expect(throws: (any Error).self) { try CBORDecoder().decode(Everything.self, from: data) }
    #expect(throws: (any Error).self) { try CBORDecoder().decode([[Double]].self, from: data) }
    #expect(throws: (any Error).self) { try CBORDecoder().decode([String: [Int]].self, from: data) }
    #expect(throws: (any Error).self) { try CBORDecoder().decode(Nested.self, from: data) }
    #expect(throws: (any Error).self) { try CBORItem(data) }
  }

  /// Keys that aren't in order, and a key that occurs twice.
  @Test(arguments: [[0xA2, 0x61, 0x62, 1, 0x61, 0x61, 2], [0xA2, 0x61, 0x61, 1, 0x61, 0x61, 2]] as [[UInt8]])
  func keysHaveAnOrder(_ bytes: [UInt8]) {
    #expect(throws: DecodingError.self) { try CBORDecoder().decode([String: Int].self, from: Data(bytes)) }
  }

  /// Reading changed, cut-off or extended bytes ends with a value or an error.
  @Test func changedBytesNeverTrap() throws {
    let good = Array(try CBOREncoder().encode([Everything()]).data)
    var state: UInt64 = 1
    func random(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % count
    }
    var read = 0
    for round in 0..<3000 {
      var bytes = good
      for _ in 0...random(4) {
        let place = random(bytes.count)
        switch random(4) {
        case 0: bytes[place] = UInt8(random(256))
        case 1: bytes[place] ^= 1 << random(8)
        case 2: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random(9)))
        default: bytes.insert(UInt8(random(256)), at: place)
        }
        if bytes.isEmpty { bytes = [0xF6] }
      }
      if round % 10 == 0 { bytes.removeLast(random(bytes.count)) }
      let data = Data(bytes)
      if (try? CBORDecoder().decode([Everything].self, from: data)) != nil { read += 1 }
      _ = try? CBORItem(data)
    }
    // Some changes leave valid values; most don't.
    #expect(read > 0 && read < 2500)
  }

  private final class Keeper { var decoder: (any Decoder)? }

  private struct Kept: Decodable {
    static let key = CodingUserInfoKey(rawValue: "keeper")

    init(from decoder: any Decoder) throws {
      if let key = Self.key { (decoder.userInfo[key] as? Keeper)?.decoder = decoder }
    }
  }

  /// A decoder that a value keeps finds nothing after the decoding has ended.
  @Test func whoeverKeepsADecoderReadsNothing() throws {
    let keeper = Keeper()
    var decoder = CBORDecoder()
    if let key = Kept.key { decoder.userInfo[key] = keeper }
    _ = try decoder.decode(Kept.self, from: CBOREncoder().encode(["a": 1]).data)
    let kept = try #require(keeper.decoder)
    #expect(throws: DecodingError.self) { try kept.container(keyedBy: CBORKey.self) }
  }
}
