import Testing

@testable import Numerics

@Suite struct BufferTests {
  /// Sizes from a few values to more than a huge page.
  @Test(arguments: [0, 1, 15, 16, 17, 1000, 1 << 18, (1 << 19) + 3, 3 << 19])
  func holdsWhatItIsFilledWith(count: Int) {
    for value in [Float(0), -0.0, 1.5] {
      let buffer = Buffer(count, repeating: value)
      #expect(buffer.count == count)
      #expect(Int(bitPattern: buffer.pointer) % 64 == 0)
      let room = max(count + 15, 16) & ~15
      let bits = UnsafeBufferPointer(start: buffer.pointer, count: room).map(\.bitPattern)
      #expect(bits.allSatisfy { $0 == value.bitPattern })
      buffer.pointer.update(repeating: 2, count: room)
      #expect(buffer.array == Array(repeating: 2, count: count))
    }
  }

  /// A new buffer must not contain what an earlier one held.
  @Test func beginsAnewInMemoryThatWasUsed() {
    for _ in 0..<20 {
      let buffer = Buffer(1 << 19, repeating: Int32(0))
      #expect(buffer.values.allSatisfy { $0 == 0 })
      buffer.pointer.update(repeating: 7, count: buffer.count)
    }
  }

  @Test func copiesNoMoreThanItHolds() {
    let buffer = Buffer(3, repeating: Float(0))
    buffer.copy([1, 2])
    #expect(buffer.array == [1, 2, 0])
    buffer.copy([4, 5, 6, 7])
    #expect(buffer.array == [4, 5, 6])
  }
}
