internal import CProcess
import Foundation
import Glibc
import Synchronization

/// Ends the processes that a cell's process started and left behind, including those that left its process group.
package enum ProcessTree {
  /// Kills the process group and every process that has `marker` in its environment.
  /// - Parameter marker: An environment assignment that only this cell's processes inherited.
  package static func end(group: pid_t, marker: String) {
    kill(-group, SIGKILL)
    let needle = Data(marker.utf8)
    for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
      guard let process = pid_t(name), process != getpid(),
        let environment = FileManager.default.contents(atPath: "/proc/\(name)/environ"),
        environment.range(of: needle) != nil, environment.split(separator: 0).contains(needle)
      else { continue }
      kill(process, SIGKILL)
    }
  }

  /// Makes this process the parent of orphaned descendants (a "child subreaper"), so that each can be found in any
  /// session.
  static func adoptOrphans() {
    if startedHere.withLock({ $0.isOpenEnded }) { return }
    adopt_orphans()
  }

  /// The number of cells at work, counted from before their process starts. No cell starts while orphans are ended,
  /// because its process would be taken for an orphan.
  private static let cellsAtWork = Mutex(0)

  static func beginCell() { cellsAtWork.withLock { $0 += 1 } }

  static func endCell() { cellsAtWork.withLock { $0 -= 1 } }

  /// Ends all child processes that a cell left behind: those outside the runner's process group. Ending one can make
  /// its children ours, so the search is repeated until none is left. While other cells are at work, the owner of a
  /// process is unknown, so that nothing is ended until the last cell ends.
  /// - Returns: The names of the ended processes.
  static func endOrphans() -> [String] {
    cellsAtWork.withLock { $0 > 0 || startedHere.withLock { $0.isOpenEnded } ? [] : endChildren() }
  }

  private static func endChildren() -> [String] {
    var names: [String] = []
    for _ in 0..<50 {
      let orphans = children(of: getpid()).filter { child in
        child.group != getpgrp() && !child.isOurs
      }
      if orphans.isEmpty { break }
      for orphan in orphans {
        if orphan.isAlive { names.append(orphan.name) }
        kill(orphan.process, SIGKILL)
        waitpid(orphan.process, nil, 0)
      }
    }
    return names
  }

  private struct Child {
    var process: pid_t
    var name: String
    var group: pid_t
    var isAlive: Bool
    /// Whether the runner started the process for itself.
    var isOurs: Bool
  }

  private static func children(of parent: pid_t) -> [Child] {
    ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { entry in
      guard let process = pid_t(entry), let text = try? String(contentsOfFile: "/proc/\(entry)/stat", encoding: .utf8),
        let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")")
      else { return nil }
      let fields = text[text.index(after: close)...].split(separator: " ")
      guard fields.count > 3, let itsParent = pid_t(fields[1]), itsParent == parent, let group = pid_t(fields[2]) else {
        return nil
      }
      return Child(
        process: process, name: String(text[text.index(after: open)..<close]), group: group, isAlive: fields[0] != "Z",
        isOurs: startedHere.withLock { $0.processes.contains(process) })
    }
  }

  /// The processes that the runner started for itself.
  package struct Own {
    /// The processes that the runner waits for.
    package var processes: Set<pid_t> = []
    /// Whether a browser is among them. A browser starts other processes and stays.
    package var isOpenEnded = false
  }

  package static let startedHere = Mutex(Own())

  /// The number of processes that the kernel's OOM killer has ended since the system started.
  package static var memoryKills: Int {
    let statistics = (try? String(contentsOfFile: "/proc/vmstat", encoding: .utf8)) ?? ""
    let line = statistics.split(separator: "\n").first { $0.hasPrefix("oom_kill ") }
    return line.flatMap { Int($0.dropFirst("oom_kill ".count)) } ?? 0
  }
}
