internal import CProcess
import Foundation
import Glibc
import Synchronization

/// Ends what a cell's process started and left behind, also what left its process group.
package enum ProcessTree {
  /// Kills the process group and every process that has `marker` in its environment.
  /// - Parameter marker: An assignment that only this cell's processes inherited.
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

  /// Makes processes whose parent ends children of this one, so that none gets out of sight, whatever session it made
  /// for itself.
  static func adoptOrphans() {
    if startedHere.withLock({ $0.isOpenEnded }) { return }
    adopt_orphans()
  }

  /// The number of cells at work, from before their process starts. None begins while orphans are being ended, since it
  /// would be taken for one.
  private static let cellsAtWork = Mutex(0)

  static func beginCell() { cellsAtWork.withLock { $0 += 1 } }

  static func endCell() { cellsAtWork.withLock { $0 -= 1 } }

  /// Ends all processes below this one that a cell left behind: those of a session or process group of their own that
  /// is not the runner's. The parents of others may be among them, so it looks until there are none. While other cells
  /// are at work, nobody knows whose they are, and the last cell's end ends them.
  /// - Returns: Their names.
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
    /// Started by the runner for itself: its parent is this process though its group has a leader of the runner's
    /// making.
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

  /// What the runner started for itself.
  package struct Own {
    /// Processes that it waits for.
    package var processes: Set<pid_t> = []
    /// A browser is among them, which starts others and stays.
    package var isOpenEnded = false
  }

  package static let startedHere = Mutex(Own())

  /// How many processes the kernel has ended for want of memory since it started.
  package static var memoryKills: Int {
    let statistics = (try? String(contentsOfFile: "/proc/vmstat", encoding: .utf8)) ?? ""
    let line = statistics.split(separator: "\n").first { $0.hasPrefix("oom_kill ") }
    return line.flatMap { Int($0.dropFirst("oom_kill ".count)) } ?? 0
  }
}
