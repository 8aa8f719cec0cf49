import Foundation
import TestSupport
import Testing

@testable import Engine
@testable import Runner

/// Standard streams that are closed, full or broken pipes.
@Suite(.waiting) struct StandardStreamsTests {
  private func shell(_ script: String, in notebook: TemporaryNotebook) throws -> (status: Int32, text: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["-c", script]
    process.currentDirectoryURL = notebook.folder
    process.environment = ProcessInfo.processInfo.environment.merging(["LABBOOK": TemporaryNotebook.executable]) { $1 }
    let file = notebook.folder.appendingPathComponent("said")
    try Data().write(to: file)
    process.standardOutput = try FileHandle(forWritingTo: file)
    process.standardError = FileHandle.nullDevice
    try ProcessTree.start(process)
    ProcessTree.finish(process)
    return (process.terminationStatus, try String(contentsOf: file, encoding: .utf8))
  }

  @Test(arguments: [
    "2>&-", "2>/dev/full", ">&-", ">/dev/full", ">&- 2>&-", "<&- >&- 2>&-", ">/dev/full 2>/dev/full",
    "| true; exit ${PIPESTATUS[0]}",
  ])
  func whatIsLostIsAnErrorAndEndsNothing(redirection: String) throws {
    let notebook = try TemporaryNotebook("```swift {#a}\nprint(40 + 2)\n```\n")
    // `true` may end before the command begins or after, so the pipe may break at any time.
    let wait = redirection.hasPrefix("|") ? "2>&1 " : ""
    let (status, _) = try shell("\"$LABBOOK\" run n.md \(wait)\(redirection)", in: notebook)
    #expect(status == StandardStreams.lostExitCode)
    #expect(try notebook.text("reports/n/index.html").contains("42"), "the report is written all the same")
    // The launcher alone, which reads the receipt, reports the same.
    #expect(
      try shell("\"$LABBOOK\" run n.md \(wait)\(redirection)", in: notebook).status == StandardStreams.lostExitCode)
    #expect(try shell("\"$LABBOOK\" run n.md", in: notebook).status == 0)
    #expect(try notebook.text("n.md").hasPrefix("```swift"), "nothing was written into another file")
  }

  @Test func aFailureStaysTheExitCode() throws {
    let notebook = try TemporaryNotebook("```swift {#a}\nfatalError()\n```\n")
    #expect(try shell("\"$LABBOOK\" run n.md 2>/dev/full", in: notebook).status == 1)
    #expect(try shell("\"$LABBOOK\" run missing.md 2>&-", in: notebook).status == 2)
  }
}
