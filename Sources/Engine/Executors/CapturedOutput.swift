import Foundation

/// What a process wrote to a stream, kept to a limit: of a flood the beginning and the end, and the whole in a file.
package struct CapturedOutput: Sendable {
  /// Bytes that are kept for the report.
  package static let limit = 1 << 20

  private var head = Data()
  private var tail = Data()
  private var size = 0
  /// Stands for what was left out.
  private var note = ""

  package init() {}

  /// Reads the file of a stream that has ended.
  /// - Parameter overflow: Where the file goes when it is longer than the limit.
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

  /// All that is kept.
  package var text: String { text(from: 0, to: .max) }

  /// What is kept of the bytes from one offset to another of what was written.
  package func text(from start: Int, to end: Int) -> String {
    // A cell's events say where, and may say anything.
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
