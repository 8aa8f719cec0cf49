import Foundation

/// The output of a process on one stream, kept up to a limit: the beginning and the end are kept for the report, and
/// a file holds all of it.
package struct CapturedOutput: Sendable {
  /// Bytes that are kept for the report.
  package static let limit = 1 << 20

  private var head = Data()
  private var tail = Data()
  private var size = 0
  /// The text in place of the bytes that were left out.
  private var note = ""

  package init() {}

  /// Reads the file of a stream that has ended.
  /// - Parameter overflow: The path that the file is moved to when it is longer than the limit.
  package init(_ file: URL, overflow: URL) {
    guard let handle = try? FileHandle(forReadingFrom: file) else { return }
    defer { try? handle.close() }
    size = Int((try? handle.seekToEnd()) ?? 0)
    try? handle.seek(toOffset: 0)
    if size <= Self.limit {
      head = (try? handle.readToEnd()) ?? Data()
      return
    }
    head = (try? handle.read(upToCount: Self.limit / 2)) ?? Data()
    try? handle.seek(toOffset: UInt64(size - Self.limit / 2))
    tail = (try? handle.readToEnd()) ?? Data()
    try? FileManager.default.removeItem(at: overflow)
    try? FileManager.default.createDirectory(
      at: overflow.deletingLastPathComponent(), withIntermediateDirectories: true)
    let isKept = (try? FileManager.default.moveItem(at: file, to: overflow)) != nil
    note = "\n[… \(size - Self.limit) bytes left out\(isKept ? "; all of it is in \(overflow.path)" : "") …]\n"
  }

  /// All of the kept text.
  package var text: String { text(from: 0, to: .max) }

  /// The kept part of the output between two byte offsets.
  package func text(from start: Int, to end: Int) -> String {
    // The offsets come from the cell's events, which can't be trusted.
    let (start, end) = (min(max(start, 0), size), min(max(end, 0), size))
    func slice(_ data: Data, at offset: Int) -> Data {
      data.dropFirst(max(0, start - offset)).prefix(max(0, min(end, size) - max(start, offset)))
    }
    let tailOffset = size - tail.count
    let isCutWithin = !tail.isEmpty && start < tailOffset && end > head.count
    let middle = isCutWithin && start <= head.count ? note : ""
    return String(decoding: slice(head, at: 0), as: UTF8.self) + middle
      + (tail.isEmpty ? "" : String(decoding: slice(tail, at: tailOffset), as: UTF8.self))
  }
}
