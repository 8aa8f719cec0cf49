import Foundation

/// The program that Labbook itself is, which it starts again for what another process must do.
package enum RunnerProgram {
  /// The runner that this process is, or that stands beside it where tests are.
  package static var file: URL {
    let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    return own.lastPathComponent == "labbook-runner"
      ? own : own.deletingLastPathComponent().appendingPathComponent("labbook-runner")
  }
}
