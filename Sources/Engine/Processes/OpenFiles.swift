import Foundation
import Glibc

/// The limit of open files of this process.
package enum OpenFiles {
  /// Enough for a runner with one cell. With fewer, starting a process fails and no message can be printed any more.
  static let least: rlim_t = 48
  private static let usual: rlim_t = 1024

  /// Raises the limit to the usual number if the system allows it.
  /// - Throws: `NotebookError` if the limit stays too low.
  package static func require() throws {
    var limit = rlimit()
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    guard getrlimit(resource, &limit) == 0, limit.rlim_cur < usual else { return }
    let given = limit.rlim_cur
    limit.rlim_cur = min(usual, limit.rlim_max)
    if limit.rlim_cur > given { setrlimit(resource, &limit) }
    if limit.rlim_cur >= least { return }
    throw NotebookError(
      "this process may have \(limit.rlim_cur) files open, but Labbook needs \(least)",
      remedy: "Allow more in the shell: ulimit -n 1024")
  }
}
