import Testing

@testable import Runner

@Suite struct CompilationStepsTests {
  @Test(arguments: [
    ("a b  c", ["a", "b", "c"]), ("'a b' c", ["a b", "c"]), ("a\\ b c", ["a b", "c"]), ("\"a b\"'c' d", ["a bc", "d"]),
    ("'it'\\''s'", ["it's"]), ("'' a", ["", "a"]), ("'a\\b'", ["a\\b"]), ("", []), (" 路径/文件 ", ["路径/文件"]),
  ])
  func wordsAreThoseOfAShell(line: String, words: [String]) {
    #expect(CompilationSteps.words(line) == words)
  }

  @Test func commandsNeedNeitherTheDriversFolderNorOurs() throws {
    let output = """
      /opt/swift-frontend -frontend -c Cells.swift -file-compilation-dir '/my lab/steps' -o /tmp/TemporaryDirectory.x/N-1.o
      /opt/swift-autolink-extract /tmp/TemporaryDirectory.x/N-1.o -o /tmp/TemporaryDirectory.x/N-2.autolink
      /opt/clang /tmp/TemporaryDirectory.x/N-1.o @/tmp/TemporaryDirectory.x/N-2.autolink -o cell

      """
    let steps = try #require(CompilationSteps(driverOutput: output, folder: "/my lab/steps"))
    #expect(
      steps.commands == [
        ["/opt/swift-frontend", "-frontend", "-c", "Cells.swift", "-file-compilation-dir", "{folder}", "-o", "N-1.o"],
        ["/opt/swift-autolink-extract", "N-1.o", "-o", "N-2.autolink"],
        ["/opt/clang", "N-1.o", "@N-2.autolink", "-o", "cell"],
      ])
  }

  /// A driver of another kind is itself the one command.
  @Test(arguments: ["", "swift-frontend -c Cells.swift -o cell", "swift-frontend -c Cells.swift\nclang x.o -o cell"])
  func anythingElseIsLeftToTheDriver(output: String) {
    #expect(CompilationSteps(driverOutput: output, folder: "/steps") == nil)
  }
}
