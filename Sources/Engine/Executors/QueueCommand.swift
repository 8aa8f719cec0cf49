import Basics
import Foundation
import Subprocess
import SystemPackage

/// Runs a command of a queue to its end.
enum QueueCommand {
  struct Result: Sendable {
    var output: String
    var errors: String
    /// The exit code; nil if the command took too long or was ended by a signal.
    var code: Int32?

    /// The last line of its error output.
    var complaint: String {
      let line = errors.split(separator: "\n").last.map(String.init) ?? ""
      return line.isEmpty ? "it ended with \(code.map { "code \($0)" } ?? "no answer")" : line
    }
  }

  /// - Parameters:
  ///   - command: The name or path of a program, and its arguments.
  ///   - limit: The seconds after which the command is ended.
  /// - Throws: `BatchQueueError` if there is no such program.
  static func run(_ command: [String], environment: [String: String] = [:], limit: Double = 60) async throws -> Result {
    try await withThrowingTaskGroup(of: Result?.self) { group in
      group.addTask {
        var options = PlatformOptions()
        options.teardownSequence = [.send(signal: .kill, allowedDurationToNextStep: .milliseconds(500))]
        let program = command[0]
        let variables = Dictionary(
          uniqueKeysWithValues: environment.map { (Environment.Key(stringLiteral: $0), $1 as String?) })
        do {
          let result = try await Subprocess.run(
            program.contains("/") ? .path(FilePath(program)) : .name(program),
            arguments: Arguments(Array(command.dropFirst())), environment: .inherit.updating(variables),
            platformOptions: options, input: .none, output: .string(limit: 64 << 20), error: .string(limit: 1 << 20))
          var code: Int32?
          if case .exited(let number) = result.terminationStatus { code = number }
          return Result(output: result.standardOutput, errors: result.standardError, code: code)
        } catch let error as SubprocessError {
          throw BatchQueueError(message: "\(program) can't be started: \(error)")
        }
      }
      group.addTask {
        try? await Task.sleep(for: .seconds(clamping: limit))
        return nil
      }
      defer { group.cancelAll() }
      let first = try await group.next() ?? nil
      return first ?? Result(output: "", errors: "no answer within \(Int(clamping: limit)) s", code: nil)
    }
  }
}
