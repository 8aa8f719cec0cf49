import Foundation

/// The executable of Labbook itself. Labbook starts it again for work that needs another process.
package enum RunnerProgram {
  /// The executable of this process, or the runner beside it when this process is a test bundle.
  package static var file: URL {
    let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    return own.lastPathComponent == "labbook-runner"
      ? own : own.deletingLastPathComponent().appendingPathComponent("labbook-runner")
  }
}
