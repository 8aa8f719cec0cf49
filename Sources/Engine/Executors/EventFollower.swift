import Basics
import Foundation
import Glibc
import Synchronization
import Wire

/// Reads a growing file of JSON lines, and returns each event once.
package final class EventFollower: Sendable {
  private struct State {
    var offset: UInt64 = 0
    var rest = Data()
    var events: [CellEvent] = []
    /// The number of bytes in the lines that were read.
    var bytes = 0
    /// The number of events in the first bytes. After a flood of events, the report shows only these.
    var early = 0
  }

  private let file: URL
  private let state = Mutex(State())

  package init(file: URL) {
    self.file = file
  }

  package var all: [CellEvent] { state.withLock { $0.events } }

  /// All events except the output that was shown after the first `Budgets.floodBytes`.
  package var withoutFlood: [CellEvent] {
    state.withLock { state in
      state.events.enumerated().filter { index, event in
        if case .shown = event { index < state.early } else { true }
      }.map(\.element)
    }
  }

  /// The events since the last call. A last line without a line end is left for the next call.
  package func read() -> [CellEvent] {
    state.withLock { state in
      guard let handle = open() else { return [] }
      defer { try? handle.close() }
      try? handle.seek(toOffset: state.offset)
      // A cell that shows more than its budget is ended, so that no more events need to be read.
      let room = Budgets.eventBytes - Int(clamping: state.offset)
      let data = room > 0 ? (try? handle.read(upToCount: min(room, 64 << 20))) ?? Data() : Data()
      state.offset += UInt64(data.count)
      // Only new bytes are searched, since a line may take long to be written.
      guard let end = data.lastIndex(of: 0x0A) else {
        state.rest.append(data)
        return []
      }
      let lines = state.rest + data[...end]
      state.rest = Data(data[(end + 1)...])
      let known = state.events.count
      for line in lines.split(separator: 0x0A) {
        state.bytes += line.count + 1
        guard let event = try? CellJob.decoder.decode(CellEvent.self, from: Data(line)), event.isWellFormed else {
          continue
        }
        state.events.append(event)
        if state.bytes <= Budgets.floodBytes { state.early = state.events.count }
      }
      return Array(state.events[known...])
    }
  }
}

extension EventFollower {
  /// Opens only a regular file: the cell's process may have put a link, a pipe or a device in its place.
  private func open() -> FileHandle? {
    let descriptor = Glibc.open(file.path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      return nil
    }
    return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }
}

extension CellEvent {
  /// Whether digests have the form of a digest, because they become names of files, and whether numbers are small
  /// enough to be calculated with. A cell's process may write anything into its events.
  fileprivate var isWellFormed: Bool {
    func isDigest(_ text: String) -> Bool {
      text.utf8.count == 64 && text.allSatisfy { $0.isHexDigit && !$0.isUppercase }
    }
    func isCount(_ number: Int) -> Bool { number >= 0 && number <= Int(Int32.max) }
    switch self {
    case .reached(let line): return line > 0 && isCount(line)
    case .epoch(_, let record, let epochs, let earlier): return [record.epoch, epochs, earlier].allSatisfy(isCount)
    case .distributing(let sweep, let missing, let count): return ([sweep, count] + missing).allSatisfy(isCount)
    case .handedOn(let value): return isDigest(value.sha256) && value.bytes >= 0 && value.timeless.map(isDigest) ?? true
    case .read(_, let digest): return digest.map(isDigest) ?? true
    default: return true
    }
  }
}
