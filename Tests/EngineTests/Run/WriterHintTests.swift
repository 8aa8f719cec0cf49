import Testing
import Wire

@testable import Engine

@Suite struct WriterHintTests {
  private func hint(_ source: String, missing path: String) throws -> String? {
    let cells = "```swift {#make}\n\(source)\n```\n\n```swift {#use}\nlet x = try FileAccess.read(\"\(path)\")\n```\n"
    let notebook = try Notebook(source: cells, file: "n.md")
    return notebook.writerHint(for: [.read(path: "b.txt", sha256: "00"), .read(path: path, sha256: nil)], in: "use")
  }

  @Test func aCellThatSeemsToWriteTheFileIsNamed() throws {
    #expect(
      try hint("try \"v\".write(toFile: \"a.txt\", atomically: true, encoding: .utf8)", missing: "a.txt")
        == "The cell \"make\" seems to write it. Say so there, and the file is made again: //| writes: a.txt")
  }

  @Test(arguments: [
    "//| writes: a.txt\ntry \"v\".write(toFile: \"a.txt\", atomically: true, encoding: .utf8)",
    "let name = \"a.txt\"", "try \"v\".write(toFile: \"b.txt\", atomically: true, encoding: .utf8)",
  ])
  func othersAreNot(source: String) throws {
    #expect(try hint(source, missing: "a.txt") == nil)
  }

  @Test func theWayOutStandsBelowTheCause() {
    var failure = CellFailure(message: "a.txt: there is no such file\n  Paths are relative to /x.")
    failure.say("Make it.")
    #expect(failure.message == "a.txt: there is no such file\n  Make it.\n  Paths are relative to /x.")
  }
}
