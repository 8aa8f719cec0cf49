import Basics
import Testing

@Suite struct EvenlySpacedTests {
  @Test(arguments: [
    (0..<10, 5, [0, 2, 4, 6, 8]), (2..<9, 3, [2, 4, 6]), (0..<3, 3, [0, 1, 2]), (0..<3, 9, [0, 1, 2]), (0..<3, 0, []),
    (4..<4, 2, []), (0..<5, -1, []),
  ])
  func elementsAreAtEqualDistances(_ range: Range<Int>, _ count: Int, _ expected: [Int]) {
    #expect(range.evenlySpaced(count) == expected)
  }
}
