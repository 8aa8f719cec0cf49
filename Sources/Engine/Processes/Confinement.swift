internal import CProcess
import Foundation
import Glibc

/// Confines a process by Landlock and seccomp where bubblewrap is missing. The runner is started again with
/// `--confine`, restricts itself, and then replaces itself by the program to be confined.
package enum Confinement {
  /// The argument in place of a verb that starts the runner for this.
  package static let argument = "--confine"

  /// Landlock's access rights to execute a file, to read a file and to list a folder.
  private static let reading: UInt64 = 1 << 0 | 1 << 2 | 1 << 3
  private static let listing: UInt64 = 1 << 3
  private static let devices: UInt64 = 1 << 1 | 1 << 2

  /// - Parameter arguments: Any number of `--read PATH`, `--list PATH`, `--write PATH`, `--set NAME VALUE` and
  ///   `--enter PATH`, then `--` and the command.
  package static func serve(_ arguments: [String]) -> Never {
    func fail(_ cause: String) -> Never {
      let text = Array("\(cause)\n".utf8)
      _ = write(STDERR_FILENO, text, text.count)
      exit(1)
    }
    let version = confine_version()
    guard version >= 1 else { fail("this system's kernel has no Landlock") }
    let rules = confine_begin(version)
    guard rules >= 0 else { fail("the kernel refuses Landlock's rules: \(String(cString: strerror(errno)))") }
    func allow(_ path: String, _ access: UInt64) {
      if confine_allow(rules, path, access) != 0 { fail("\(path): \(String(cString: strerror(errno)))") }
    }
    var rest = arguments[...]
    var environment: [String] = []
    while let name = rest.popFirst(), name != "--" {
      guard let value = rest.popFirst() else { fail("the option \(name) needs a value") }
      switch name {
      case "--read": allow(value, reading)
      case "--list": allow(value, listing)
      case "--write": allow(value, confine_all_rights(version))
      case "--set": environment.append("\(value)=\(rest.popFirst() ?? "")")
      case "--enter":
        if chdir(value) != 0 { fail("\(value): \(String(cString: strerror(errno)))") }
      default: fail("\(name) is not an option")
      }
    }
    // Programs read these files about their own process and the processor. They tell nothing about other processes.
    for path in ["/proc/\(getpid())", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/sys/vm"] {
      allow(path, reading)
    }
    for path in ["/dev/null", "/dev/zero", "/dev/random", "/dev/urandom", "/dev/full"] { allow(path, devices) }
    guard let command = rest.first else { fail("the command is missing") }
    guard confine_rights() == 0 else { fail("privileges can't be dropped: \(String(cString: strerror(errno)))") }
    guard confine_end(rules) == 0, confine_calls(version >= 6 ? 1 : 0) == 0, confine_close_others() == 0 else {
      fail("the kernel refuses Landlock's rules: \(String(cString: strerror(errno)))")
    }
    var words: [UnsafeMutablePointer<CChar>?] = rest.map { strdup($0) } + [nil]
    var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
    execve(command, &words, &variables)
    fail("\(command): \(String(cString: strerror(errno)))")
  }
}

extension Sandbox {
  /// The command line that runs a command through the runner, which confines itself first.
  func confinementArguments(
    _ command: [String], in folder: URL?, _ environment: [String: String]
  ) -> [String] {
    var arguments = [program, Confinement.argument]
    func add(_ name: String, _ paths: [String]) { for path in paths { arguments += [name, path] } }
    add("--read", ["/usr", "/bin", "/sbin", "/lib", "/lib64", "/lib32"] + Self.systemFiles)
    for url in readable { addReadable(url, to: &arguments) }
    add("--read", tools.map(\.path))
    add("--write", writable.map(\.path))
    let scratch = writable.first?.path ?? "/"
    for (name, value) in Self.variables(environment, home: scratch, scratch: scratch) {
      arguments += ["--set", name, value]
    }
    return arguments + ["--enter", folder?.path ?? scratch, "--"] + command
  }

  /// Landlock has no rules that deny. To hide part of a folder, everything else in the folder is allowed one by one.
  private func addReadable(_ url: URL, to arguments: inout [String]) {
    let inside = hidden.filter { $0.path == url.path || $0.path.hasPrefix(url.path + "/") }
    if inside.contains(where: { $0.path == url.path }) { return }
    guard !inside.isEmpty else {
      arguments += ["--read", url.path]
      return
    }
    arguments += ["--list", url.path]
    for name in (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? [] {
      let child = url.appendingPathComponent(name)
      // The kernel would take a rule on a link as a rule on its target, which may be anywhere or hidden. A target
      // that can be read has a rule of its own.
      if !isLink(child.path) { addReadable(child, to: &arguments) }
    }
  }

  private func isLink(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }
}
