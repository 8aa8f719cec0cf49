internal import CProcess
import Foundation
import Glibc
import Synchronization

/// Ends the processes that a cell's process started and left behind, including those that left its process group.
package enum ProcessTree {
  /// Kills the process group and every process that has `marker` in its environment.
  /// - Parameter marker: An environment assignment that only this cell's processes inherited.
  /// - Returns: The names of the processes that were alive, by their ids.
  package static func end(group: pid_t, marker: String) -> [pid_t: String] {
    // All that a cell leaves behind has become a child of this process, so without children there is nothing to find.
    if hasNoChildren, !own.withLock({ $0.isOpenEnded }) { return [:] }
    let needle = Data(marker.utf8)
    var ended: [pid_t: String] = [:]
    for entry in ProcessEntry.all where entry.process != getpid() {
      guard entry.group == group || hasMarker(needle, entry.process) else { continue }
      if entry.isAlive { ended[entry.process] = entry.name }
      kill(entry.process, SIGKILL)
    }
    kill(-group, SIGKILL)
    return ended
  }

  private static func hasMarker(_ needle: Data, _ process: pid_t) -> Bool {
    guard let environment = FileManager.default.contents(atPath: "/proc/\(process)/environ") else { return false }
    return environment.range(of: needle) != nil && environment.split(separator: 0).contains(needle)
  }

  private static var hasNoChildren: Bool {
    var information = siginfo_t()
    return waitid(P_ALL, 0, &information, WEXITED | WNOHANG | WNOWAIT) != 0 && errno == ECHILD
  }

  /// Makes this process the parent of orphaned descendants (a "child subreaper"), so that each can be found in any
  /// session.
  static func adoptOrphans() {
    if own.withLock({ $0.isOpenEnded }) { return }
    adopt_orphans()
  }

  /// The number of cells at work, counted from before their process starts. No cell starts while orphans are ended,
  /// because its process would be taken for an orphan.
  private static let cellsAtWork = Mutex(0)

  /// The first processes of the cells at work.
  static let roots = Mutex<Set<pid_t>>([])

  static func beginCell() { cellsAtWork.withLock { $0 += 1 } }

  static func endCell() { cellsAtWork.withLock { $0 -= 1 } }

  /// Ends all child processes that a cell left behind: those outside the runner's process group. Ending one can make
  /// its children ours, so the search is repeated until none is left. While other cells are at work, the owner of a
  /// process is unknown, so that nothing is ended until the last cell ends.
  /// - Returns: The names of the processes that were alive, by their ids.
  static func endOrphans() -> [pid_t: String] {
    cellsAtWork.withLock { $0 > 0 || own.withLock { $0.isOpenEnded } ? [:] : endChildren() }
  }

  private static func endChildren() -> [pid_t: String] {
    var ended: [pid_t: String] = [:]
    for _ in 0..<50 where !hasNoChildren {
      let kept = own.withLock { $0.processes }
      let orphans = ProcessEntry.all.filter {
        $0.parent == getpid() && $0.group != getpgrp() && !kept.contains($0.process)
      }
      if orphans.isEmpty { break }
      for orphan in orphans {
        if orphan.isAlive { ended[orphan.process] = orphan.name }
        kill(orphan.process, SIGKILL)
        waitpid(orphan.process, nil, 0)
      }
    }
    return ended
  }

  /// The number of processes that the kernel's OOM killer has ended since the system started.
  package static var memoryKills: Int {
    let statistics = (try? String(contentsOfFile: "/proc/vmstat", encoding: .utf8)) ?? ""
    let line = statistics.split(separator: "\n").first { $0.hasPrefix("oom_kill ") }
    return line.flatMap { Int($0.dropFirst("oom_kill ".count)) } ?? 0
  }
}
