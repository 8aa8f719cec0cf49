import Engine
import Foundation

extension TemporaryNotebook {
  /// The standard output, standard error and exit code of a process.
  package typealias Ending = (output: String, errors: String, code: Int32)

  /// The command that was built with the tests.
  package static let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appendingPathComponent("labbook").path

  /// Runs the command in the notebook's folder.
  package func labbook(_ arguments: String...) throws -> Ending {
    try start(arguments)()
  }

  /// Starts the command in the notebook's folder.
  /// - Parameter environment: Variables in addition to those of this process.
  /// - Returns: A function that waits for the process's end.
  package func start(
    _ arguments: [String], executable: String = executable, environment: [String: String] = [:]
  ) throws -> () throws -> Ending {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
    let name = ".\(UUID().uuidString)"
    let output = folder.appendingPathComponent("\(name)-output")
    let errors = folder.appendingPathComponent("\(name)-errors")
    for url in [output, errors] { try Data().write(to: url) }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try ProcessTree.start(process)
    return {
      ProcessTree.finish(process)
      return (
        try String(contentsOf: output, encoding: .utf8), try String(contentsOf: errors, encoding: .utf8),
        process.terminationStatus
      )
    }
  }

  package func text(_ name: String) throws -> String {
    try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
  }
}
