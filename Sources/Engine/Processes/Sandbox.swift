import Basics
import Foundation
import Glibc

/// A sandbox in which untrusted code can do no harm. The compiler and every cell run in it.
///
/// The sandbox contains the system's programs and libraries, the compiler, Labbook's library and the notebook's
/// folder, all read-only; a scratch folder for the cell; and nothing else of the user's. It has no network, no other
/// processes, and only the environment variables that a cell needs.
package struct Sandbox: Sendable {
  /// The mechanism that confines a process.
  package enum Means: String, Sendable, CaseIterable {
    /// Namespaces for users, processes, mounts and networks. All processes end with the outermost one, whatever ends
    /// it.
    case bubblewrap
    /// Landlock rules for files, TCP and signals, and a seccomp filter of system calls. Code can find out whether a
    /// file exists and the ids of other processes, but can't read, write or reach either.
    case landlock
  }

  package let means: Means
  /// The program that makes the sandbox.
  let program: String
  /// Programs and files that can be read in addition to the system's, inside hidden folders too.
  private(set) var tools: [URL] = []
  /// The notebook's folders and files.
  private(set) var readable: [URL] = []
  /// Folders and files inside `readable` that are hidden.
  private(set) var hidden: [URL] = []
  /// Folders that can be written. The first one also holds temporary files where there is no tmpfs.
  private(set) var writable: [URL] = []

  /// The environment variable that names the only mechanism to be tried.
  package static let variable = "LABBOOK_SANDBOX"

  /// The sandbox made by the first mechanism that works on this machine.
  /// - Throws: `NotebookError` where none works.
  package static func make(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) async throws -> Sandbox {
    closeInheritedFilesOnExecution()
    var causes: [String] = []
    for means in Means.allCases {
      if let asked = environment[variable], asked != means.rawValue { continue }
      guard let program = program(for: means, path: environment["PATH"] ?? "") else {
        causes.append("\(means.rawValue) is not installed")
        continue
      }
      let sandbox = Sandbox(means: means, program: program)
      let trial = sandbox.command(["/usr/bin/true"], in: nil, environment: [:])
      let result = try await Tool.run(trial[0], Array(trial.dropFirst()))
      if result.succeeded { return sandbox }
      causes.append("\(means.rawValue): \(result.output.trimmingCharacters(in: .whitespacesAndNewlines))")
    }
    let known = Means.allCases.map(\.rawValue).joined(separator: " or ")
    throw NotebookError(
      "no sandbox works on this machine: "
        + (causes.isEmpty ? "\(variable) must be \(known)" : causes.joined(separator: "; ")),
      remedy: "Install bubblewrap (apt-get install bubblewrap), "
        + "or give --trust if you trust the notebook's author with all your files.")
  }

  /// Closes all inherited file descriptors except the standard streams when this process starts another program.
  private static func closeInheritedFilesOnExecution() {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? [] {
      guard let descriptor = Int32(name), descriptor > 2 else { continue }
      let flags = fcntl(descriptor, F_GETFD)
      if flags >= 0 { _ = fcntl(descriptor, F_SETFD, flags | FD_CLOEXEC) }
    }
  }

  init(means: Means, program: String) {
    self.means = means
    self.program = program
  }

  private static func program(for means: Means, path: String) -> String? {
    if means == .landlock { return RunnerProgram.file.path }
    let folders = path.split(separator: ":").filter { $0.hasPrefix("/") }.map(String.init) + ["/usr/bin"]
    return folders.map { "\($0)/bwrap" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// The command that runs `command` in the sandbox.
  /// - Parameters:
  ///   - folder: The working directory; nil for an empty one.
  ///   - environment: All variables that the command gets, in addition to those that every program needs.
  ///   - namesSurvivors: Whether processes that the command leaves are named on its standard error, if they aren't left
  ///     to the runner.
  func command(
    _ command: [String], in folder: URL?, environment: [String: String], namesSurvivors: Bool = false
  ) -> [String] {
    switch means {
    case .bubblewrap:
      SandboxLimits.arguments
        + bubblewrapArguments(command, in: folder, environment, namesSurvivors: namesSurvivors)
    case .landlock: SandboxLimits.arguments + confinementArguments(command, in: folder, environment)
    }
  }

  /// The same sandbox with more files in it.
  /// - Parameters:
  ///   - more: Folders and files that can be read.
  ///   - hiding: Folders and files inside those that are hidden.
  ///   - tools: Programs and other files that can be read anywhere, inside hidden folders too.
  ///   - writing: Folders that can be written.
  func reading(_ more: [URL] = [], hiding: [URL] = [], tools: [URL] = [], writing: [URL] = []) -> Sandbox {
    var result = self
    result.readable += more
    result.hidden += hiding
    result.tools += tools
    result.writable += writing
    return result
  }

  /// The system's folders and files that every program needs.
  static let systemFiles = ["/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime", "/etc/fonts"]

  /// The environment variables that every program needs.
  /// - Parameter scratch: The folder for temporary files.
  static func variables(
    _ environment: [String: String], home: String, scratch: String
  ) -> [(name: String, value: String)] {
    let standard = [
      "PATH": "/usr/bin:/bin", "HOME": home, "TMPDIR": scratch, "LC_ALL": "C.UTF-8", "USER": "nobody",
    ]
    return standard.merging(environment) { _, new in new }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}
