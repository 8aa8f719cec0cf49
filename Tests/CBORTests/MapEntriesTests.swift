import Foundation
import Testing

@testable import CBOR

@Suite struct MapEntriesTests {
  /// A structure whose set of entries differs between values.
  struct Sparse: Codable, Equatable {
    var id: Int
    var first: Int?
    var second: String?
    var third: Double?
    var aNameThatTakesUpMoreThanEightBytes: Bool?
  }

  @Test func keysOfAListsElementsMayChange() throws {
    let list = (0..<200).map { index in
      let bits = index * 7919 % 16
      return Sparse(
        id: index, first: bits & 1 > 0 ? index : nil, second: bits & 2 > 0 ? "s\(index)" : nil,
        third: bits & 4 > 0 ? Double(index) / 3 : nil,
        aNameThatTakesUpMoreThanEightBytes: bits & 8 > 0 ? true : nil)
    }
    #expect(try CBORDecoder().decode([Sparse].self, from: CBOREncoder().encode(list).data) == list)
  }

  @Test func dictionariesOfTheSameSizeKeepTheirKeys() throws {
    let list = [
      ["a": 1, "b": 2], ["a": 3, "b": 4], ["a": 5, "c": 6], ["b": 7, "c": 8], ["bb": 9, "c": 0], ["a": 1],
    ]
    #expect(try CBORDecoder().decode([[String: Int]].self, from: CBOREncoder().encode(list).data) == list)
  }

  struct OneKey: Codable, Equatable { var value: Int }

  @Test func aTypeMayHaveOneKey() throws {
    let list = (0..<50).map { OneKey(value: $0 * 1000) }
    #expect(try CBORDecoder().decode([OneKey].self, from: CBOREncoder().encode(list).data) == list)
  }

  /// A structure whose halves are read with keys of two types with the same bytes.
  struct TwoKeyTypes: Codable, Equatable {
    var left: Int
    var right: Int

    enum LeftKey: CodingKey { case left }
    enum RightKey: CodingKey { case other, right }

    init(left: Int, right: Int) {
      self.left = left
      self.right = right
    }

    init(from decoder: any Decoder) throws {
      let first = try decoder.container(keyedBy: LeftKey.self)
      let second = try decoder.container(keyedBy: RightKey.self)
      left = try first.decode(Int.self, forKey: .left)
      right = try second.decode(Int.self, forKey: .right)
      #expect(!second.contains(.other))
    }

    func encode(to encoder: any Encoder) throws {
      var first = encoder.container(keyedBy: LeftKey.self)
      var second = encoder.container(keyedBy: RightKey.self)
      try second.encode(right, forKey: .right)
      try first.encode(left, forKey: .left)
    }
  }

  @Test func oneValueMayUseKeysOfTwoTypes() throws {
    let list = (0..<20).map { TwoKeyTypes(left: $0, right: -$0) }
    #expect(try CBORDecoder().decode([TwoKeyTypes].self, from: CBOREncoder().encode(list).data) == list)
  }

  /// A key whose bytes are a reference, so equal bytes don't mean equal keys.
  struct NamedKey: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
  }

  struct Named: Codable, Equatable {
    var values: [Int]

    init(_ values: [Int]) { self.values = values }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: NamedKey.self)
      values = try (0..<container.allKeys.count).map { try container.decode(Int.self, forKey: NamedKey("key \($0)")) }
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: NamedKey.self)
      for (index, value) in values.enumerated() { try container.encode(value, forKey: NamedKey("key \(index)")) }
    }
  }

  @Test func keysMayBeMadeWhileReading() throws {
    let list = (0..<30).map { Named((0..<($0 % 40)).map { $0 * $0 }) } + [Named((0..<300).map { $0 })]
    #expect(try CBORDecoder().decode([Named].self, from: CBOREncoder().encode(list).data) == list)
  }

  @Test func aMapThatEndsEarlyIsAnErrorWithItsPlace() throws {
    let data = try CBOREncoder().encode([OneKey(value: 1), OneKey(value: 2)]).data
    for end in 4..<data.count {
      #expect(throws: DecodingError.self) { try CBORDecoder().decode([OneKey].self, from: data.prefix(end)) }
    }
  }
}
