import Basics
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
  /// - Parameters:
  ///   - limit: The time limit in seconds after which the tool is ended.
  ///   - sandbox: The sandbox in which the tool runs, with `folder` writable; nil for none.
  package static func run(
    _ path: String, _ arguments: [String], in folder: URL? = nil, limit: Double = Budgets.compileSeconds,
    sandbox: Sandbox? = nil
  ) async throws -> Result {
    if let sandbox {
      let command = sandbox.reading(writing: [folder].compactMap { $0 })
        .command([path] + arguments, in: folder, environment: [:])
      return try await run(command[0], Array(command.dropFirst()), in: folder, limit: limit)
    }
    return try await withThrowingTaskGroup(of: Result?.self) { group in
      group.addTask {
        var options = PlatformOptions()
        options.teardownSequence = [.send(signal: .kill, allowedDurationToNextStep: .milliseconds(500))]
        let result = try await Subprocess.run(
          .path(FilePath(path)), arguments: Arguments(arguments),
          environment: .inherit.updating(["LC_ALL": "C.UTF-8"]),
          workingDirectory: folder.map { FilePath($0.path) }, platformOptions: options,
          output: .string(limit: 16 << 20), error: .combinedWithOutput)
        return Result(output: result.standardOutput, succeeded: result.terminationStatus.isSuccess)
      }
      group.addTask {
        try await Task.sleep(for: .seconds(clamping: limit))
        return nil
      }
      defer { group.cancelAll() }
      if let first = try await group.next(), let result = first { return result }
      throw NotebookError(
        "the compiler took longer than \(Int(clamping: limit)) s and was ended",
        remedy: "Type-checking a long expression can take very long: split it into constants with declared types.")
    }
  }

  /// The standard output of a command, which must succeed.
  package static func output(of path: String, _ arguments: [String]) async throws -> String {
    let result = try await run(path, arguments)
    guard result.succeeded else {
      throw NotebookError("\(path) \(arguments.joined(separator: " ")) failed: \(result.output)")
    }
    return result.output
  }
}
