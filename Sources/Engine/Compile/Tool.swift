import Foundation
import Subprocess
import SystemPackage

/// Runs a compiler tool to its end.
package enum Tool {
  package struct Result: Sendable {
    package var output: String
    package var succeeded: Bool
  }

  /// Runs `path` and collects standard output and standard error together.
  package static func run(_ path: String, _ arguments: [String], in folder: URL? = nil) async throws -> Result {
    let result = try await Subprocess.run(
      .path(FilePath(path)), arguments: Arguments(arguments),
      environment: .inherit.updating(["LC_ALL": "C.UTF-8"]),
      workingDirectory: folder.map { FilePath($0.path) },
      output: .string(limit: 16 << 20), error: .combinedWithOutput)
    return Result(output: result.standardOutput, succeeded: result.terminationStatus.isSuccess)
  }

  /// Standard output of a command that must succeed.
  package static func output(of path: String, _ arguments: [String]) async throws -> String {
    let result = try await run(path, arguments)
    guard result.succeeded else {
      throw NotebookError("\(path) \(arguments.joined(separator: " ")) failed: \(result.output)")
    }
    return result.output
  }
}
