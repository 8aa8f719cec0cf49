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
}
