import Core
import Foundation

/// Environment variables that every cell's process gets.
package struct CellEnvironment: Sendable {
  /// How many threads one cell may keep busy.
  package var threads: Int

  /// The environment variables. The user's own settings win where no result depends on them.
  package var variables: [String: String] {
    let user = ProcessInfo.processInfo.environment
    var variables = [
      "OPENBLAS_NUM_THREADS": String(threads),
      "SWIFT_BACKTRACE": CrashReport.backtraceSettings,
    ].filter { user[$0.key] == nil }
    // Sets and dictionaries then have the same order in every run, and so does what is printed or stored from them.
    variables["SWIFT_DETERMINISTIC_HASHING"] = "1"
    variables[KernelChoice.variable] = user[KernelChoice.variable]
    return variables
  }

  /// - Throws: `NotebookError` when the environment names kernels that this machine can't use. No cell has started
  ///   then.
  package static func requireUsableKernels(_ environment: [String: String] = ProcessInfo.processInfo.environment) throws
  {
    do throws(KernelChoice.Refusal) {
      _ = try KernelChoice.chosen(in: environment)
    } catch {
      throw NotebookError(error.cause, remedy: error.remedy)
    }
  }
}
