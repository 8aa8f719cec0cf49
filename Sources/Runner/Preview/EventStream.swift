import Core
import FlyingSocks
import Foundation

/// The body of a response with server-sent events: the news of a board, until the page closes its connection.
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
        // Without news, a comment keeps the connection open. Writing it fails once the page has gone.
        pending = ArraySlice(Array((news.text.isEmpty ? ":\n\n" : news.text).utf8))
      }
      defer { pending = pending.dropFirst(count) }
      return pending.prefix(count)
    }
  }
}
