import Foundation

@testable import Measure

/// Functions of the agent, run by this machine's Python without the agent's main loop.
enum AgentFunctions {
  /// - Parameter code: Python that calls functions of `begin.py` and `system.py`.
  /// - Returns: What it prints, without whitespace at the end.
  static func output(_ code: String) throws -> String {
    let functions = PackageResources.begin_py + PackageResources.system_py
    return try python(String(decoding: functions, as: UTF8.self) + code)
  }

  /// - Parameter code: Python that calls methods of `agent`, an agent that doesn't read its input.
  /// - Returns: What it prints, without whitespace at the end.
  static func agentOutput(_ code: String) throws -> String {
    let program = String(decoding: AgentSource.bytes, as: UTF8.self)
    return try python(program.replacingOccurrences(of: "\nagent.serve()\n", with: "\n") + code)
  }

  struct Ending: Error { var signal: Int32 }

  /// - Parameter interpreter: The Python that runs the program.
  static func python(_ program: String, _ arguments: [String] = [], by interpreter: String = "python3") throws -> String
  {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [interpreter, "-c", program] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    // Without this, a Python that was killed would look like one that printed nothing.
    guard process.terminationReason == .exit else { throw Ending(signal: process.terminationStatus) }
    return String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
