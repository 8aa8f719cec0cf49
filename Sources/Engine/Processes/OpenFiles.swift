import Foundation
import Glibc

/// How many files this process may have open.
package enum OpenFiles {
  /// Enough for a runner with one cell; with fewer, starting a process fails where nothing can be said any more.
  static let least: rlim_t = 48
  private static let usual: rlim_t = 1024

  /// Takes the usual number where the system gives it without asking.
  /// - Throws: `NotebookError` where the limit stays too low.
  package static func require() throws {
    var limit = rlimit()
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    guard getrlimit(resource, &limit) == 0, limit.rlim_cur < usual else { return }
    let given = limit.rlim_cur
    limit.rlim_cur = min(usual, limit.rlim_max)
    if limit.rlim_cur > given { setrlimit(resource, &limit) }
    if limit.rlim_cur >= least { return }
    throw NotebookError(
      "this process may have \(limit.rlim_cur) files open, and Labbook needs \(least)",
      remedy: "Allow more in the shell: ulimit -n 1024")
  }
}
