import Foundation
import Testing

@testable import CBOR

/// Containers that someone keeps after their value was read or written.
@Suite struct KeptContainerTests {
  private enum Key: CodingKey { case number }

  private final class Keeper {
    var reading: [KeyedDecodingContainer<Key>] = []
    var writing: [KeyedEncodingContainer<Key>] = []
  }

  private static let key = CodingUserInfoKey(rawValue: "keeper")

  /// A value that stores its containers in the keeper.
  private struct Kept: Codable {
    var number: Int

    init(_ number: Int) { self.number = number }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      let keeper = KeptContainerTests.key.flatMap { decoder.userInfo[$0] as? Keeper }
      // The containers of earlier elements still read their own values.
      for (index, earlier) in (keeper?.reading ?? []).enumerated() {
        #expect(try earlier.decode(Int.self, forKey: .number) == index)
      }
      number = try container.decode(Int.self, forKey: .number)
      keeper?.reading.append(container)
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(number, forKey: .number)
      let keeper = KeptContainerTests.key.flatMap { encoder.userInfo[$0] as? Keeper }
      keeper?.writing.append(container)
    }
  }

  @Test func aContainerThatIsHeldKeepsItsValue() throws {
    let keeper = Keeper()
    let data = try CBOREncoder().encode((0..<8).map(Kept.init)).data
    var decoder = CBORDecoder()
    decoder.userInfo[try #require(Self.key)] = keeper
    #expect(try decoder.decode([Kept].self, from: data).map(\.number) == Array(0..<8))
    #expect(keeper.reading.count == 8)
  }

  @Test func afterReadingItFindsNothing() throws {
    let keeper = Keeper()
    var decoder = CBORDecoder()
    decoder.userInfo[try #require(Self.key)] = keeper
    do {
      let data = try CBOREncoder().encode([Kept(0), Kept(1)]).data
      _ = try decoder.decode([Kept].self, from: data)
    }
    for container in keeper.reading {
      #expect(throws: DecodingError.self) { try container.decode(Int.self, forKey: .number) }
      #expect(!container.contains(.number) && container.allKeys.isEmpty && container.codingPath.count < 2)
    }
  }

  @Test func afterWritingItIsAnErrorToUseIt() throws {
    let keeper = Keeper()
    var encoder = CBOREncoder()
    encoder.userInfo[try #require(Self.key)] = keeper
    let data = try encoder.encode((0..<8).map(Kept.init)).data
    #expect(try CBOREncoder().encode((0..<8).map(Kept.init)).data == data)
    #expect(keeper.writing.count == 8)
    for index in keeper.writing.indices {
      #expect(throws: EncodingError.self) { try keeper.writing[index].encode(1, forKey: .number) }
    }
  }

  /// A value that keeps nested containers which are too deep to be written.
  private struct Deep: Encodable {
    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      for _ in 0..<600 { container = container.nestedContainer(keyedBy: Key.self, forKey: .number) }
      try container.encode(1, forKey: .number)
    }
  }

  @Test func containersThatAreTooDeepFailWhenTheyAreUsed() {
    #expect(throws: EncodingError.self) { try CBOREncoder().encode(Deep()) }
  }

  /// A weak reference to an object that a value holds; it must be released after the value has been written.
  private final class Token {}

  private struct Interleaved: Encodable {
    var token: Token

    private struct Element: Encodable {
      func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(1, forKey: .number)
      }
    }

    func encode(to encoder: any Encoder) throws {
      var list = encoder.unkeyedContainer()
      var first = list.nestedContainer(keyedBy: Key.self)
      var second = list.nestedContainer(keyedBy: Key.self)
      try second.encode(Element(), forKey: .number)
      try first.encode(Element(), forKey: .number)
    }
  }

  @Test func whatAWriterWasGivenIsFreedWhenItIsDone() throws {
    weak var token: Token?
    do {
      let made = Token()
      token = made
      var encoder = CBOREncoder()
      encoder.userInfo[try #require(Self.key)] = made
      #expect(try !encoder.encode(Interleaved(token: made)).data.isEmpty)
    }
    #expect(token == nil)
  }
}
