import Foundation
import Glibc

/// A control group (cgroup) for the processes of one cell. They stay in it whatever session or process group they make,
/// so all of them together have one limit.
///
/// The runner can make one as root, or in a cgroup that was delegated to the user (`systemd-run --user --scope -p
/// Delegate=yes`). Elsewhere there are only the limits of single processes and the runner's checks of all of them.
package struct ControlGroup: Sendable {
  /// One folder in the unified hierarchy (version 2), or one for each controller (version 1).
  private let folders: [URL]

  private static let prefix = "labbook-"

  /// - Parameters:
  ///   - processes: The largest number of processes and threads at the same time.
  ///   - memory: The largest amount of memory of all processes together, in bytes.
  /// - Returns: The new group, or nil where none can be made.
  package static func make(
    processes: Int, memory: Int, hierarchies: [Hierarchy] = Hierarchy.all
  ) -> ControlGroup? {
    let name = "\(prefix)\(getpid())-\(UInt32.random(in: 0 ... .max))"
    var folders: [URL] = []
    for hierarchy in hierarchies {
      guard let parent = hierarchy.parent() else { continue }
      removeAbandoned(in: parent)
      let folder = parent.appendingPathComponent(name)
      guard mkdir(folder.path, 0o755) == 0 else { continue }
      let isLimited = hierarchy.limits(processes: processes, memory: memory).map { file, value in
        write(value, to: folder.appendingPathComponent(file))
      }
      if isLimited.contains(true) {
        folders.append(folder)
      } else {
        rmdir(folder.path)
      }
    }
    return folders.isEmpty ? nil : ControlGroup(folders: folders)
  }

  /// The beginning of a command line that enters the group. The command itself follows.
  package var entering: [String] {
    let script =
      "while [ \"$1\" != -- ]; do echo $$ 2>/dev/null >\"$1/cgroup.procs\" || :; shift; done; shift; exec \"$@\""
    return ["/bin/sh", "-c", script, "sh"] + folders.map(\.path) + ["--"]
  }

  /// The ids of the processes in the group.
  package var processes: Set<pid_t> {
    let texts = folders.compactMap {
      try? String(contentsOf: $0.appendingPathComponent("cgroup.procs"), encoding: .utf8)
    }
    return Set(texts.flatMap { $0.split(separator: "\n").compactMap { pid_t($0) } })
  }

  /// Ends all processes in the group and removes it.
  package func end() {
    for _ in 0..<100 {
      let left = processes
      if left.isEmpty, folders.allSatisfy({ rmdir($0.path) == 0 || errno == ENOENT }) { return }
      for process in left { kill(process, SIGKILL) }
      usleep(10_000)
    }
  }

  /// Removes the groups of runners that were killed.
  private static func removeAbandoned(in parent: URL) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: parent.path)) ?? [] where name.hasPrefix(prefix) {
      let owner = name.dropFirst(prefix.count).prefix { $0 != "-" }
      if !FileManager.default.fileExists(atPath: "/proc/\(owner)") { rmdir(parent.appendingPathComponent(name).path) }
    }
  }

  fileprivate static func write(_ text: String, to file: URL) -> Bool {
    let descriptor = open(file.path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return Glibc.write(descriptor, text, text.utf8.count) == text.utf8.count
  }
}

extension ControlGroup {
  /// A hierarchy of cgroups, and the place of this process in it.
  package struct Hierarchy: Hashable, Sendable {
    /// The controller, or nil in version 2, where all controllers share one hierarchy.
    package var controller: String?
    /// The folder of this process's group, then those of the groups above it, up to the root of the hierarchy.
    package var folders: [URL]

    package static var all: [Hierarchy] {
      func text(_ name: String) -> String { (try? String(contentsOfFile: "/proc/self/\(name)", encoding: .utf8)) ?? "" }
      return all(mounts: text("mountinfo"), groups: text("cgroup"))
    }

    /// - Parameters:
    ///   - mounts: The content of `/proc/self/mountinfo`.
    ///   - groups: The content of `/proc/self/cgroup`.
    package static func all(mounts: String, groups: String) -> [Hierarchy] {
      var own: [String: String] = [:]
      for line in groups.split(separator: "\n") {
        let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        guard fields.count == 3 else { continue }
        for controller in fields[1].split(separator: ",", omittingEmptySubsequences: false) {
          own[String(controller)] = String(fields[2])
        }
      }
      return mounts.split(separator: "\n").compactMap { line in
        guard let separator = line.range(of: " - ") else { return nil }
        let (before, after) = (line[..<separator.lowerBound].split(separator: " "), line[separator.upperBound...])
        let kind = after.split(separator: " ")
        guard before.count > 4, kind.count > 2 else { return nil }
        var controller: String?
        if kind[0] == "cgroup" {
          controller = ["pids", "memory"].first { kind[2].split(separator: ",").contains($0[...]) }
          if controller == nil { return nil }
        } else if kind[0] != "cgroup2" {
          return nil
        }
        let (root, mount) = (String(before[3]), String(before[4]))
        guard let path = own[controller ?? ""], root == "/" || path == root || path.hasPrefix(root + "/") else {
          return nil
        }
        let names = (root == "/" ? path : String(path.dropFirst(root.count))).split(separator: "/")
        let folders = (0...names.count).reversed().map { count in
          names.prefix(count).reduce(URL(fileURLWithPath: mount)) { $0.appendingPathComponent(String($1)) }
        }
        return Hierarchy(controller: controller, folders: folders)
      }
    }

    /// The files of a new group that hold its limits, and their content.
    fileprivate func limits(processes: Int, memory: Int) -> [(file: String, value: String)] {
      switch controller {
      case "pids": [("pids.max", "\(processes)")]
      case "memory": [("memory.limit_in_bytes", "\(memory)")]
      default: [("pids.max", "\(processes)"), ("memory.max", "\(memory)"), ("memory.oom.group", "1")]
      }
    }

    /// The nearest group in which this process can make groups with limits.
    fileprivate func parent() -> URL? {
      let writable = folders.filter { access($0.path, W_OK) == 0 }
      if controller != nil { return writable.first }
      if let parent = writable.first(where: { Self.names(in: $0, "cgroup.subtree_control").contains("pids") }) {
        return parent
      }
      guard let own = writable.first, own == folders.first, Self.names(in: own, "cgroup.controllers").contains("pids")
      else { return nil }
      // A group that passes controllers on can't hold processes itself, so the runner moves into a group of its own.
      let aside = own.appendingPathComponent("\(ControlGroup.prefix)runner")
      mkdir(aside.path, 0o755)
      let isAside = ControlGroup.write("\(getpid())", to: aside.appendingPathComponent("cgroup.procs"))
      let control = own.appendingPathComponent("cgroup.subtree_control")
      return isAside && ControlGroup.write("+pids +memory", to: control) ? own : nil
    }

    private static func names(in folder: URL, _ file: String) -> [Substring] {
      let text = try? String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
      return text?.split(whereSeparator: \.isWhitespace) ?? []
    }
  }
}
