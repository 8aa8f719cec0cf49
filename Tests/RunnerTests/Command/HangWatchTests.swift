import Engine
import Foundation
import TestSupport
import Testing

/// The watch that ends tests which hang.
struct HangWatchTests {
  @Test func whatATestWaitsForIsNamedAndEnded() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "sleep 86411; true"]
    try ProcessTree.start(process)
    let watch = HangWatch("aTest", patience: .seconds(1), below: process.processIdentifier)
    ProcessTree.finish(process)
    withKnownIssue {
      watch.end()
    } matching: { issue in
      let text = issue.comments.map(\.rawValue).joined()
      return text.hasPrefix("aTest has not ended after 1.0 seconds.") && text.contains("sleep 86411")
    }
  }

  @Test func aTestThatEndsIsLeftAlone() {
    HangWatch("aTest", patience: .seconds(3600)).end()
  }
}
