import Foundation
import Testing

@testable import CBOR

@Suite struct ReleaseTests {
  struct Point: Codable, Equatable {
    var id: Int
    var name: String
  }

  /// The parts that a decoder gives back, as offsets in the input.
  private func parts<Value: Decodable & Equatable & Encodable>(of value: Value) throws -> (
    parts: [Range<Int>], size: Int
  ) {
    let data = try CBOREncoder().encode(value).data
    return try data.withUnsafeBytes { bytes in
      let base = try #require(bytes.baseAddress)
      var parts: [Range<Int>] = []
      var decoder = CBORDecoder()
      decoder.release = { part in
        guard let start = part.baseAddress.map({ $0 - base }) else { return }
        parts.append(start..<start + part.count)
      }
      #expect(try decoder.decode(Value.self, from: bytes) == value)
      return (parts, bytes.count)
    }
  }

  private func expectMostIsReleased(_ parts: [Range<Int>], of size: Int) {
    #expect(parts.first?.lowerBound == 0)
    for (part, next) in zip(parts, parts.dropFirst()) { #expect(part.upperBound == next.lowerBound) }
    #expect(parts.allSatisfy { $0.count < 2 * DecodingSource.partSize })
    #expect(size - (parts.last?.upperBound ?? 0) < DecodingSource.partSize)
  }

  @Test func numbersAreReleasedWhileTheyAreCopied() throws {
    let (parts, size) = try parts(of: (0..<500_000).map { Double($0) / 3 })
    expectMostIsReleased(parts, of: size)
  }

  @Test func structuresAreReleasedOneAfterTheOther() throws {
    let (parts, size) = try parts(of: (0..<200_000).map { Point(id: $0, name: "point \($0)") })
    expectMostIsReleased(parts, of: size)
  }

  @Test func smallValuesAreNotReleased() throws {
    #expect(try parts(of: [1.5, 2.5]).parts.isEmpty)
  }
}
