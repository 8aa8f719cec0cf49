import Testing

@testable import Core

@Suite struct SequenceInternerTests {
  @Test func numbersEqualSequencesAlike() {
    var interner = SequenceInterner()
    let sequences: [[Int32]] = [[1, 2], [1], [], [1, 2], [2, 1], [], [0], [0, 0]]
    let numbers = sequences.map { sequence in sequence.withUnsafeBufferPointer { interner.intern($0) } }
    #expect(numbers == [0, 1, 2, 0, 3, 2, 4, 5])
    #expect(interner.count == 6)
    let stored = (0..<interner.count).map {
      Array(interner.elements[Int(interner.offsets[$0])..<Int(interner.offsets[$0 + 1])])
    }
    #expect(stored == [[1, 2], [1], [], [2, 1], [0], [0, 0]])
  }

  @Test func growsBeyondItsFirstTable() {
    var interner = SequenceInterner()
    for round in 0..<2 {
      for number in 0..<Int32(5000) {
        let result = [number % 70, number / 70].withUnsafeBufferPointer { interner.intern($0) }
        if result != number { Issue.record("\(number) in round \(round) became \(result)") }
      }
    }
    #expect(interner.count == 5000)
  }

  @Test(arguments: [1, 2, 3, 5])
  func numbersPartsAsOneAfterTheOther(threads: Int) {
    // Item n has n % 3 sequences, so a part's first sequence isn't in proportion to its first item.
    let count = 9000
    let starts = (0..<count).reduce(into: [0]) { $0.append($0[$0.count - 1] + $1 % 3) }
    let content = { (place: Int) in [Int32(place * place % 1511), Int32(place % 7)] }
    var plain = SequenceInterner()
    let expected = (0..<starts[count]).map { place in
      content(place).withUnsafeBufferPointer { plain.intern($0) }
    }
    let numbers = Buffer(starts[count], repeating: Int32(0))
    let interner = SequenceInterner.numbering(
      count, into: numbers.pointer, starts: starts, team: ThreadTeam(threads)
    ) { items, interner in
      for place in starts[items.lowerBound]..<starts[items.upperBound] {
        numbers.pointer[place] = content(place).withUnsafeBufferPointer { interner.intern($0) }
      }
    }
    #expect(numbers.array == expected)
    #expect(interner.elements == plain.elements)
    #expect(interner.offsets == plain.offsets)
  }

  @Test func numbersNothing() {
    let numbers = Buffer(0, repeating: Int32(0))
    let interner = SequenceInterner.numbering(0, into: numbers.pointer, team: ThreadTeam(2)) { _, _ in }
    #expect(interner.count == 0)
  }
}
