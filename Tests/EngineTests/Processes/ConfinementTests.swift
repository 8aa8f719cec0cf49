import Foundation
import Testing

@testable import Engine

@Suite struct ConfinementTests {
  /// The kernel follows links when a rule is made, so a rule on a link would open whatever the link leads to.
  @Test func linksBesideHiddenFilesHaveNoRules() throws {
    let folder = try TemporaryFolder("confined")
    let outside = try TemporaryFolder("outside")
    for name in [".git", "data", "code"] {
      try FileManager.default.createDirectory(
        at: folder.url.appendingPathComponent(name), withIntermediateDirectories: true)
    }
    for (name, target) in [("home", outside.url), ("history", folder.url.appendingPathComponent(".git"))] {
      try FileManager.default.createSymbolicLink(
        at: folder.url.appendingPathComponent(name), withDestinationURL: target)
    }
    let sandbox = Sandbox(means: .landlock, program: "/p")
      .reading([folder.url], hiding: [folder.url.appendingPathComponent(".git")])
    let arguments = sandbox.confinementArguments(["/usr/bin/true"], in: nil, [:])
    let own = Set(arguments.filter { $0.hasPrefix(folder.url.path) || $0.hasPrefix(outside.url.path) })
    #expect(own == [folder.url.path, folder.url.path + "/data", folder.url.path + "/code"])
  }
}
