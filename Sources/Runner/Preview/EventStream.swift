import Core
import FlyingSocks
import Foundation

/// A board's news as the body of a response of server-sent events, which ends when the page goes away.
struct EventStream: AsyncBufferedSequence {
  typealias Element = UInt8

  let board: PreviewBoard

  func makeAsyncIterator() -> Iterator {
    Iterator(board: board, ticks: board.listen().makeAsyncIterator())
  }

  struct Iterator: AsyncBufferedIteratorProtocol {
    let board: PreviewBoard
    var ticks: AsyncStream<Void>.Iterator
    private var version = 0
    private var pending: ArraySlice<UInt8> = []

    init(board: PreviewBoard, ticks: AsyncStream<Void>.Iterator) {
      self.board = board
      self.ticks = ticks
    }

    mutating func next() async throws -> UInt8? {
      try await nextBuffer(suggested: 1)?.first
    }

    mutating func nextBuffer(suggested count: Int) async throws -> ArraySlice<UInt8>? {
      while pending.isEmpty {
        guard await ticks.next() != nil else { return nil }
        let news = board.events(after: version)
        version = news.version
        // A comment keeps the connection open, and tells when it no longer is.
        pending = ArraySlice(Array((news.text.isEmpty ? ":\n\n" : news.text).utf8))
      }
      defer { pending = pending.dropFirst(count) }
      return pending.prefix(count)
    }
  }
}
