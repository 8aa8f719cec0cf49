import Foundation
import Synchronization

/// What the preview's pages are told: named parts, of which each page gets the newest state of every one.
///
/// A page that reads slowly misses states in between, never the last one, and nothing piles up for it.
final class PreviewBoard: Sendable {
  private struct Part {
    var version: Int
    /// A server-sent event, ready to be written.
    var event: String
  }

  private struct State {
    var version = 0
    var parts: [String: Part] = [:]
    var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
    var listenerCount = 0
  }

  private let state = Mutex(State())

  /// Sets a part; pages are told if it changed.
  /// - Parameters:
  ///   - name: The part, of which only the newest state counts.
  ///   - event: The event's type.
  ///   - data: Its data, in one line: JSON.
  func set(_ name: String, event: String, data: String) {
    let text = "event: \(event)\ndata: \(data)\n\n"
    state.withLock { state in
      guard state.parts[name]?.event != text else { return }
      state.version += 1
      state.parts[name] = Part(version: state.version, event: text)
      for listener in state.listeners.values { listener.yield() }
    }
  }

  /// Wakes all listeners, so that connections whose page has gone are noticed.
  func beat() {
    state.withLock { state in
      for listener in state.listeners.values { listener.yield() }
    }
  }

  /// Yields whenever there may be news, at once the first time.
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
