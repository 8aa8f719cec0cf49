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
    ">&3 2>&3",
  ])
  func whatIsLostIsAnErrorAndEndsNothing(redirection: String) throws {
    let notebook = try TemporaryNotebook("```swift {#a}\nprint(40 + 2)\n```\n")
    // Descriptor 3 is a pipe whose reader has ended: what a pipe takes before its reader ends isn't lost.
    let run = "exec 3> >(true); wait $!; \"$LABBOOK\" run n.md \(redirection)"
    #expect(try shell(run, in: notebook).status == StandardStreams.lostExitCode)
    #expect(try notebook.text("reports/n/index.html").contains("42"), "the report is written all the same")
    // The launcher alone, which reads the receipt, reports the same.
    #expect(try shell(run, in: notebook).status == StandardStreams.lostExitCode)
    #expect(try shell("\"$LABBOOK\" run n.md", in: notebook).status == 0)
    #expect(try notebook.text("n.md").hasPrefix("```swift"), "nothing was written into another file")
  }

  @Test func aFailureStaysTheExitCode() throws {
    let notebook = try TemporaryNotebook("```swift {#a}\nfatalError()\n```\n")
    #expect(try shell("\"$LABBOOK\" run n.md 2>/dev/full", in: notebook).status == 1)
    #expect(try shell("\"$LABBOOK\" run missing.md 2>&-", in: notebook).status == 2)
  }
}
