import Foundation
import Glibc
import Synchronization
import Testing

@testable import Engine

/// Turns a test that never ends into one that fails and says what it waited for.
///
/// After a time that no test takes, it writes the processes below this one to standard error and ends them, so the wait
/// for them ends too. Without it, a run of the tests is ended from outside, and its last output is lost in a buffer.
package final class HangWatch: Sendable {
  /// Far longer than all tests together take, so that no slow machine comes near it.
  private static let patience: Duration = .seconds(30 * 60)

  private let report = Mutex<String?>(nil)
  /// Dispatch's sources can be used from all threads, although they aren't declared `Sendable`.
  private nonisolated(unsafe) let timer: any DispatchSourceTimer

  /// Begins to watch.
  /// - Parameters:
  ///   - test: The test's name, for the message.
  ///   - root: The process below which all are ended.
  package init(_ test: String, patience: Duration = patience, below root: pid_t = getpid()) {
    timer = DispatchSource.makeTimerSource(queue: .global(qos: .userInitiated))
    timer.schedule(deadline: .now() + .milliseconds(Int(patience.components.seconds) * 1000))
    timer.setEventHandler { [weak self] in
      let processes = DescendantProcess.all(below: root)
      let text =
        "\(test) has not ended after \(patience). These processes are below it, and are ended now:\n"
        + processes.map(\.description).joined(separator: "\n") + "\n"
      self?.report.withLock { $0 = text }
      FileHandle.standardError.write(Data(text.utf8))
      for process in processes.reversed() { kill(process.identifier, SIGKILL) }
    }
    timer.resume()
  }

  /// Ends the watch, and records an issue if the test hung.
  package func end() {
    timer.cancel()
    if let text = report.withLock({ $0 }) { Issue.record("\(text)") }
  }
}

/// A process below another, and what it waits for.
package struct DescendantProcess: CustomStringConvertible {
  package var identifier: pid_t
  package var description: String

  /// The processes below a process, parents first.
  package static func all(below root: pid_t) -> [DescendantProcess] {
    let children = Dictionary(grouping: ProcessEntry.all, by: \.parent)
    var found: [DescendantProcess] = []
    var rest = [root]
    while let next = rest.popLast() {
      for child in (children[next] ?? []).map(\.process).sorted() {
        found.append(DescendantProcess(identifier: child, description: describe(child, parent: next)))
        rest.append(child)
      }
    }
    return found
  }

  private static func describe(_ process: pid_t, parent: pid_t) -> String {
    let command = (text(process, "cmdline") ?? "").split(separator: "\0").joined(separator: " ").prefix(300)
    let state = (text(process, "status") ?? "").split(separator: "\n").first { $0.hasPrefix("State:") } ?? ""
    // Only root may read the kernel's stack.
    let stack = (text(process, "stack") ?? "").split(separator: "\n").prefix(4).joined(separator: " ")
    return "\(process) below \(parent), \(state.split(separator: "\t").last ?? ""), "
      + "in \(text(process, "wchan") ?? "?") \(stack): \(command)"
  }

  private static func text(_ process: pid_t, _ name: String) -> String? {
    FileManager.default.contents(atPath: "/proc/\(process)/\(name)").map { String(decoding: $0, as: UTF8.self) }
  }
}
