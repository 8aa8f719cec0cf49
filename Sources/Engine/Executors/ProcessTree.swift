import Foundation
import Glibc

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

  /// How many processes the kernel has ended for want of memory since it started.
  package static var memoryKills: Int {
    let statistics = (try? String(contentsOfFile: "/proc/vmstat", encoding: .utf8)) ?? ""
    let line = statistics.split(separator: "\n").first { $0.hasPrefix("oom_kill ") }
    return line.flatMap { Int($0.dropFirst("oom_kill ".count)) } ?? 0
  }
}
