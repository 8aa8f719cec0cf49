import Foundation
import Receipt
import Testing

@Suite struct RunReceiptTests {
  private static let receipt = RunReceipt(
    arguments: ["run", "周报.md", "-P", "note=a  b"], folder: "/home/li/week 47",
    variables: ["PATH=/usr/bin:/bin", "HOME="],
    files: [FileState(of: "/etc/passwd"), FileState(of: "/no such/file 1")], errors: ["训练  fresh", ""],
    output: ["reports/周报/index.html"])

  @Test func readsWhatItWrote() throws {
    let text = try #require(Self.receipt.text)
    #expect(RunReceipt(text: text) == Self.receipt)
  }

  @Test func aTextThatIsNotWholeIsNoReceipt() throws {
    let text = try #require(Self.receipt.text)
    for count in 0..<text.count { #expect(RunReceipt(text: String(text.prefix(count))) == nil) }
    #expect(RunReceipt(text: text.replacingOccurrences(of: "receipt 1", with: "receipt 2")) == nil)
    #expect(RunReceipt(text: text.replacingOccurrences(of: "\nfolder", with: "\nelsewhere")) == nil)
    #expect(RunReceipt(text: text.replacingOccurrences(of: "file - ", with: "file 12 ")) == nil)
  }

  @Test func aLineEndInANameMakesNoReceipt() {
    var receipt = Self.receipt
    receipt.arguments.append("a\nend")
    #expect(receipt.text == nil)
  }

  @Test func isKeptInTheUsersCacheByTheNotebooksPath() throws {
    func path(_ arguments: String..., folder: String = "/home/li") -> String? {
      RunReceipt.path(arguments: arguments, folder: folder, cache: "/cache")
    }
    let week = try #require(path("run", "week.md"))
    #expect(week.hasPrefix("/cache/receipts/"))
    #expect(path("run", "--json", "/home/li/week.md", "-P", "file=x.md", folder: "/") == week)
    #expect(path("run", "周.md") != week && path("run", "week.md", folder: "/home/wu") != week)
    #expect(path("run", "week") == nil && path("run", "-") == nil)
    #expect(RunReceipt.path(arguments: ["run", "week.md"], folder: "/", cache: nil) == nil)
  }

  @Test func holdsWhileEverythingStandsAsItDid() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("labbook-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data("one".utf8).write(to: file)
    let other = file.path + "-other"
    func receipt() -> RunReceipt {
      RunReceipt(
        arguments: ["run", "a.md"], folder: RunReceipt.workingFolder, variables: RunReceipt.variables,
        files: [FileState(of: file.path), FileState(of: other)], errors: [], output: [])
    }
    let kept = receipt()
    #expect(kept.isCurrent(arguments: ["run", "a.md"]))
    #expect(!kept.isCurrent(arguments: ["run", "a.md", "--json"]))

    var elsewhere = kept
    elsewhere.folder = "/"
    #expect(!elsewhere.isCurrent(arguments: ["run", "a.md"]))
    var otherwise = kept
    otherwise.variables = ["PATH=/elsewhere"]
    #expect(!otherwise.isCurrent(arguments: ["run", "a.md"]))

    try Data().write(to: URL(fileURLWithPath: other))
    #expect(!kept.isCurrent(arguments: ["run", "a.md"]))
    try FileManager.default.removeItem(atPath: other)
    #expect(kept.isCurrent(arguments: ["run", "a.md"]))
    try FileManager.default.removeItem(at: file)
    #expect(!kept.isCurrent(arguments: ["run", "a.md"]))
  }

  /// A changed file with the same size and the old modification time.
  @Test func noticesAContentThatLooksTheSame() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("labbook-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data("one".utf8).write(to: file)
    let before = FileState(of: file.path)
    let modified = try #require(before.stamp?.modified)
    // The clock of the file system advances in steps.
    usleep(20_000)
    let handle = try FileHandle(forWritingTo: file)
    try handle.write(contentsOf: Data("two".utf8))
    try handle.close()
    var times = [timespec(), timespec()]
    for index in times.indices { times[index] = timespec(tv_sec: modified.seconds, tv_nsec: modified.nanoseconds) }
    #expect(utimensat(AT_FDCWD, file.path, times, 0) == 0)
    let after = FileState(of: file.path)
    #expect(after.stamp?.modified == modified && after.stamp?.size == before.stamp?.size)
    #expect(after != before)
  }
}
