import Foundation
import Synchronization
import Wire

/// Reads a growing file of JSON lines, each event once.
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

  /// Events that have come since the last call. A last line without its line end is left for the next.
  package func read() -> [CellEvent] {
    state.withLock { state in
      guard let handle = try? FileHandle(forReadingFrom: file) else { return [] }
      defer { try? handle.close() }
      try? handle.seek(toOffset: state.offset)
      let data = (try? handle.readToEnd()) ?? Data()
      state.offset += UInt64(data.count)
      state.rest.append(data)
      guard let end = state.rest.lastIndex(of: 0x0A) else { return [] }
      let lines = state.rest[state.rest.startIndex...end].split(separator: 0x0A)
      state.rest = Data(state.rest[(end + 1)...])
      let events = lines.compactMap { try? CellJob.decoder.decode(CellEvent.self, from: Data($0)) }
      state.events += events
      return events
    }
  }
}
