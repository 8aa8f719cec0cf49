import Core
import Testing

@testable import Engine

@Suite struct OrderedNumbersTests {
  @Test(arguments: 0..<10) func theLeastComesFirst(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var numbers = OrderedNumbers()
    var expected: Set<Int> = []
    for _ in 0..<500 {
      let number = Int.random(in: 0..<60, using: &generator)
      switch Int.random(in: 0..<4, using: &generator) {
      case 0:
        numbers.remove(number)
        expected.remove(number)
      case 1:
        let least = expected.min()
        #expect(numbers.popFirst() == least)
        least.map { _ = expected.remove($0) }
      default:
        numbers.insert(number)
        expected.insert(number)
      }
    }
    while let least = expected.min() {
      #expect(numbers.popFirst() == least)
      expected.remove(least)
    }
    #expect(numbers.popFirst() == nil)
  }
}
