import Basics
import Foundation

/// Where a stranger's code can do no harm, around the compiler and around every cell.
///
/// What is seen there: the system's programs and libraries, the compiler, Labbook's library and the notebook's folder,
/// all to be read only; a scratch folder of the cell's own; nothing of the user's. There is no network, no other
/// process, and no variable of the environment but those that a cell needs.
package struct Sandbox: Sendable {
  /// What keeps a process in.
  package enum Means: String, Sendable, CaseIterable {
    /// Namespaces of users, processes, mounts and networks. When the outermost process ends, for whatever reason, all
    /// do.
    case bubblewrap
    /// Rules of the kernel's for files, TCP and signals, and a filter of system calls. Names of files elsewhere can be
    /// found out, and other processes' numbers; neither can be read, written or reached.
    case landlock
  }

  package let means: Means
  /// The program that makes it.
  let program: String
  /// Programs that may be seen and not written, besides the system's.
  private(set) var tools: [URL] = []
  /// Folders and files of the notebook's.
  private(set) var readable: [URL] = []
  /// Folders and files inside of those that are not to be seen.
  private(set) var hidden: [URL] = []
  /// Folders that may be written; the first holds temporary files where there is no memory for them.
  private(set) var writable: [URL] = []

  /// The variable that names the only means to be tried.
  package static let variable = "LABBOOK_SANDBOX"

  /// The first means that works on this machine.
  /// - Throws: `NotebookError` where none does.
  package static func make(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) async throws -> Sandbox {
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
      "there is no sandbox on this machine: "
        + (causes.isEmpty ? "\(variable) must be \(known)" : causes.joined(separator: "; ")),
      remedy: "Install bubblewrap (apt-get install bubblewrap), "
        + "or give --trust if you trust the notebook's author with all your files.")
  }

  private init(means: Means, program: String) {
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
  ///   - environment: All variables that it gets, besides those that every program needs.
  func command(_ command: [String], in folder: URL?, environment: [String: String]) -> [String] {
    switch means {
    case .bubblewrap: SandboxLimits.arguments + bubblewrapArguments(command, in: folder, environment)
    case .landlock: SandboxLimits.arguments + confinementArguments(command, in: folder, environment)
    }
  }

  /// The same sandbox with more in it.
  /// - Parameters:
  ///   - more: Folders and files that can be read.
  ///   - hiding: Folders and files inside of those that can't.
  ///   - tools: Programs and other files that can be read wherever they are, inside of hidden folders too.
  ///   - writing: Folders that can be written.
  func reading(_ more: [URL] = [], hiding: [URL] = [], tools: [URL] = [], writing: [URL] = []) -> Sandbox {
    var result = self
    result.readable += more
    result.hidden += hiding
    result.tools += tools
    result.writable += writing
    return result
  }

  /// Folders and files of the system that everybody's programs need.
  static let systemFiles = ["/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime", "/etc/fonts"]

  /// Variables that every program needs.
  /// - Parameter scratch: Holds temporary files.
  static func variables(
    _ environment: [String: String], home: String, scratch: String
  ) -> [(name: String, value: String)] {
    let standard = [
      "PATH": "/usr/bin:/bin", "HOME": home, "TMPDIR": scratch, "LC_ALL": "C.UTF-8", "USER": "nobody",
    ]
    return standard.merging(environment) { _, new in new }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}
