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
  }

  private let file: URL
  private let state = Mutex(State())

  package init(file: URL) {
    self.file = file
  }

  package var all: [CellEvent] { state.withLock { $0.events } }

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
      state.rest.append(data)
      guard let end = state.rest.lastIndex(of: 0x0A) else { return [] }
      let lines = state.rest[state.rest.startIndex...end].split(separator: 0x0A)
      state.rest = Data(state.rest[(end + 1)...])
      let events = lines.compactMap { try? CellJob.decoder.decode(CellEvent.self, from: Data($0)) }
        .filter(\.isWellFormed)
      state.events += events
      return events
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
  /// Whether digests have the form of a digest, because they become names of files. A cell's process may write
  /// anything into its events.
  fileprivate var isWellFormed: Bool {
    func isDigest(_ text: String) -> Bool {
      text.utf8.count == 64 && text.allSatisfy { $0.isHexDigit && !$0.isUppercase }
    }
    switch self {
    case .handedOn(let value): return isDigest(value.sha256) && value.bytes >= 0 && value.timeless.map(isDigest) ?? true
    case .read(_, let digest): return digest.map(isDigest) ?? true
    default: return true
    }
  }
}
