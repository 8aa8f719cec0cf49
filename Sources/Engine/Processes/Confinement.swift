internal import CProcess
import Foundation
import Glibc

/// Keeps a process in by Landlock and seccomp, where there is no bubblewrap: the runner, started again with
/// `--confine`, binds itself and then becomes the program that is to be kept in.
package enum Confinement {
  /// What the process is started with, in place of a verb.
  package static let argument = "--confine"

  /// Rights of Landlock: to execute, to read, to list a folder.
  private static let reading: UInt64 = 1 << 0 | 1 << 2 | 1 << 3
  private static let listing: UInt64 = 1 << 3
  private static let devices: UInt64 = 1 << 1 | 1 << 2

  /// - Parameter arguments: `--read PATH`, `--list PATH`, `--write PATH`, `--set NAME VALUE`, `--enter PATH` as often
  ///   as needed, then `--` and the command.
  package static func serve(_ arguments: [String]) -> Never {
    func fail(_ cause: String) -> Never {
      let text = Array("\(cause)\n".utf8)
      _ = write(STDERR_FILENO, text, text.count)
      exit(1)
    }
    let version = confine_version()
    guard version >= 1 else { fail("this system's kernel has no Landlock") }
    let rules = confine_begin(version)
    guard rules >= 0 else { fail("Landlock can't be used: \(String(cString: strerror(errno)))") }
    func allow(_ path: String, _ access: UInt64) {
      if confine_allow(rules, path, access) != 0 { fail("\(path): \(String(cString: strerror(errno)))") }
    }
    var rest = arguments[...]
    var environment: [String] = []
    while let name = rest.popFirst(), name != "--" {
      guard let value = rest.popFirst() else { fail("\(name) of what?") }
      switch name {
      case "--read": allow(value, reading)
      case "--list": allow(value, listing)
      case "--write": allow(value, confine_all_rights(version))
      case "--set": environment.append("\(value)=\(rest.popFirst() ?? "")")
      case "--enter":
        if chdir(value) != 0 { fail("\(value): \(String(cString: strerror(errno)))") }
      default: fail("\(name) means nothing")
      }
    }
    // What programs learn of their own process and of the processor, and nothing of other processes.
    for path in ["/proc/\(getpid())", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/sys/vm"] {
      allow(path, reading)
    }
    for path in ["/dev/null", "/dev/zero", "/dev/random", "/dev/urandom", "/dev/full"] { allow(path, devices) }
    guard let command = rest.first else { fail("there is no command") }
    guard confine_rights() == 0 else { fail("rights can't be given up: \(String(cString: strerror(errno)))") }
    guard confine_end(rules) == 0, confine_calls(version >= 6 ? 1 : 0) == 0, confine_close_others() == 0 else {
      fail("Landlock can't be used: \(String(cString: strerror(errno)))")
    }
    var words: [UnsafeMutablePointer<CChar>?] = rest.map { strdup($0) } + [nil]
    var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
    execve(command, &words, &variables)
    fail("\(command): \(String(cString: strerror(errno)))")
  }
}

extension Sandbox {
  /// Begins a command by the runner, which binds itself.
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

  /// There are no rules that forbid: where something in a folder is hidden, all else in it is allowed.
  private func addReadable(_ url: URL, to arguments: inout [String]) {
    let inside = hidden.filter { $0.path == url.path || $0.path.hasPrefix(url.path + "/") }
    if inside.contains(where: { $0.path == url.path }) { return }
    guard !inside.isEmpty else {
      arguments += ["--read", url.path]
      return
    }
    arguments += ["--list", url.path]
    for name in (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? [] {
      addReadable(url.appendingPathComponent(name), to: &arguments)
    }
  }
}
