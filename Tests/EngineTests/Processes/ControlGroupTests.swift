import Foundation
import Glibc
import Testing

@testable import Engine

@Suite struct ControlGroupTests {
  static let tables: [(name: String, mounts: String, groups: String, expected: [String])] = [
    (
      "version 2", "30 24 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw",
      "0::/user.slice/run.scope\n",
      ["– /sys/fs/cgroup/user.slice/run.scope /sys/fs/cgroup/user.slice /sys/fs/cgroup"]
    ),
    (
      "both versions",
      """
      31 24 0:27 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids
      32 24 0:28 / /sys/fs/cgroup/cpu,memory rw - cgroup cgroup rw,cpu,memory
      33 24 0:29 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset
      34 24 0:30 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
      """, "8:pids:/\n4:cpu,memory:/a\n3:cpuset:/\n0::/\n",
      [
        "pids /sys/fs/cgroup/pids", "memory /sys/fs/cgroup/cpu,memory/a /sys/fs/cgroup/cpu,memory",
        "– /sys/fs/cgroup/unified",
      ]
    ),
    (
      "a container's mount", "30 24 0:26 /docker/x /sys/fs/cgroup ro - cgroup2 cgroup2 rw", "0::/docker/x/y\n",
      ["– /sys/fs/cgroup/y /sys/fs/cgroup"]
    ),
    ("another container's mount", "30 24 0:26 /docker/x /sys/fs/cgroup ro - cgroup2 cgroup2 rw", "0::/docker/xy\n", []),
    ("none", "22 1 254:0 / / rw - ext4 /dev/root rw\nnonsense", "nonsense\n", []),
  ]

  @Test(arguments: tables.indices) func hierarchiesAreFound(index: Int) {
    let table = Self.tables[index]
    let found = ControlGroup.Hierarchy.all(mounts: table.mounts, groups: table.groups).map { hierarchy in
      "\(hierarchy.controller ?? "–") " + hierarchy.folders.map(\.path).joined(separator: " ")
    }
    #expect(found == table.expected, "\(table.name)")
  }

  @Test func withoutAHierarchyThereIsNoGroup() {
    #expect(ControlGroup.make(processes: 10, memory: 1 << 30, hierarchies: []) == nil)
  }

  /// The test is skipped if the user can't make control groups.
  @Test(.enabled(if: ControlGroup.isAvailable)) func processesAreCountedAndEndedTogether() throws {
    let group = try #require(ControlGroup.make(processes: 30, memory: 1 << 30))
    // Not by Foundation's Process, which waits for all that inherited its socket.
    let script = "exec >/dev/null 2>&1; for i in $(seq 60); do setsid sleep 60 & done"
    let command = group.entering + ["/bin/sh", "-c", script]
    var process: pid_t = 0
    var words: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
    let status = posix_spawn(&process, command[0], nil, nil, &words, nil)
    #expect(status == 0)
    // The shell ends at the first fork that is refused, or at the end of its script.
    waitpid(process, nil, 0)
    let left = group.processes
    #expect(!left.isEmpty && left.count <= 30)
    group.end()
    #expect(group.processes.isEmpty)
    #expect(left.allSatisfy { kill($0, 0) != 0 || Self.isZombie($0) })
  }

  private static func isZombie(_ process: pid_t) -> Bool {
    (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8))?.contains(") Z ") ?? true
  }
}

extension ControlGroup {
  fileprivate static let isAvailable: Bool = {
    let group = make(processes: 10, memory: 1 << 30)
    group?.end()
    return group != nil
  }()
}
