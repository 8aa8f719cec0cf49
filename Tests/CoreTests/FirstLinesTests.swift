import Testing

@testable import Core

@Suite struct FirstLinesTests {
  @Test func tellsTheFirstLineOfEachText() {
    let texts = (0..<5000).map { "id\($0 % 4000)" } + ["é", "e\u{301}", ""]
    var lines = FirstLines(capacity: texts.count)
    var buffers: [UnsafeMutableBufferPointer<UInt8>] = []
    defer { for buffer in buffers { buffer.deallocate() } }
    var repeated: [Int?] = []
    for (line, text) in texts.enumerated() {
      let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.utf8.count)
      _ = buffer.initialize(from: text.utf8)
      buffers.append(buffer)
      repeated.append(lines.add(UnsafeBufferPointer(buffer), line: line))
    }
    #expect(repeated[..<4000].allSatisfy { $0 == nil })
    #expect(repeated[4000..<5000].enumerated().allSatisfy { $0.element == $0.offset })
    // The same letter in another Unicode normalisation counts as equal.
    #expect(repeated[5000...].map { $0 } == [nil, 5000, nil])
  }
}
