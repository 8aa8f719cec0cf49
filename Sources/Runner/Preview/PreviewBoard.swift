import Foundation
import Synchronization

/// The state that is sent to the pages of a preview: named parts, each with its newest event.
///
/// A page that reads slowly misses intermediate states but never the newest one, so that no events pile up for it.
final class PreviewBoard: Sendable {
  private struct Part {
    var version: Int
    /// The text of a server-sent event, ready to be written.
    var event: String
  }

  private struct State {
    var version = 0
    var parts: [String: Part] = [:]
    var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
    var listenerCount = 0
  }

  private let state = Mutex(State())

  /// Sets a part. If it changed, the pages are notified.
  /// - Parameters:
  ///   - name: The name of the part.
  ///   - event: The event's type.
  ///   - data: The event's data: JSON on one line.
  func set(_ name: String, event: String, data: String) {
    let text = "event: \(event)\ndata: \(data)\n\n"
    state.withLock { state in
      guard state.parts[name]?.event != text else { return }
      state.version += 1
      state.parts[name] = Part(version: state.version, event: text)
      for listener in state.listeners.values { listener.yield() }
    }
  }

  /// Wakes all listeners, so that closed connections are noticed.
  func beat() {
    state.withLock { state in
      for listener in state.listeners.values { listener.yield() }
    }
  }

  /// A stream that yields once at the start and then whenever there may be news.
  func listen() -> AsyncStream<Void> {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let number = state.withLock { state in
      state.listenerCount += 1
      state.listeners[state.listenerCount] = continuation
      return state.listenerCount
    }
    continuation.onTermination = { [weak self] _ in
      _ = self?.state.withLock { $0.listeners.removeValue(forKey: number) }
    }
    continuation.yield()
    return stream
  }

  /// The events of all parts that are newer than `version`, oldest first, and the newest version.
  func events(after version: Int) -> (text: String, version: Int) {
    state.withLock { state in
      let newer = state.parts.values.filter { $0.version > version }.sorted { $0.version < $1.version }
      return (newer.map(\.event).joined(), state.version)
    }
  }
}
