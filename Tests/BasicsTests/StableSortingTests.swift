import Testing

@testable import Basics

@Suite struct StableSortingTests {
  @Test func equalElementsKeepTheirOrder() {
    let elements = (0..<500).map { (key: ($0 * 7919) % 5, place: $0) }
    let sorted = elements.stablySorted { $0.key < $1.key }
    #expect(sorted.map(\.key) == elements.map(\.key).sorted())
    #expect(zip(sorted, sorted.dropFirst()).allSatisfy { $0.key < $1.key || $0.place < $1.place })
  }
}
