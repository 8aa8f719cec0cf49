import Synchronization

/// Holds a function that somebody may put there at any time.
///
/// A `Mutex` of the function itself would not do: where a generic type passes a function `inout`, Swift turns it into its most
/// general form and back, each time by one more layer around it, and after some ten thousand looks calling it overflows
/// the stack.
final class ObserverSlot<Function: Sendable>: Sendable {
  private struct Held: Sendable {
    var function: Function
  }

  private let held = Mutex<Held?>(nil)

  var function: Function? { held.withLock { $0?.function } }

  func hold(_ function: Function) {
    held.withLock { $0 = Held(function: function) }
  }
}
