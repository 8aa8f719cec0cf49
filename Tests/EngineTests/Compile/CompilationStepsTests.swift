import Foundation
import Testing

@testable import Engine

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
      /opt/swift-frontend -frontend -c Cells.swift -file-compilation-dir '/my lab/steps' -o \
      /tmp/TemporaryDirectory.x/N-1.o
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

  /// The driver of another compiler is itself the only command.
  @Test(arguments: ["", "swift-frontend -c Cells.swift -o cell", "swift-frontend -c Cells.swift\nclang x.o -o cell"])
  func anythingElseIsLeftToTheDriver(output: String) {
    #expect(CompilationSteps(driverOutput: output, folder: "/steps") == nil)
  }

  @Test func theLinkerIsWhatClangWouldStart() {
    let output = """
      clang version 21.0.0
      Target: x86_64-unknown-linux-gnu
      Thread model: posix
       "/opt/ld.lld" "-pie" "-o" "cell" "N-1.o" "-llabbook-arguments-of:N-2.autolink" "-L/my lab" "-lc"

      """
    #expect(
      CompilationSteps.linker(clangOutput: output) == [
        "/opt/ld.lld", "-pie", "-o", "cell", "N-1.o", "@N-2.autolink", "-L/my lab", "-lc",
      ])
  }

  @Test(arguments: ["", "clang: error: no input files", " \"ld\" \"a\"\n \"rm\" \"b\""])
  func whereClangWouldStartAnythingElseItIsAskedItself(output: String) {
    #expect(CompilationSteps.linker(clangOutput: output) == nil)
  }

  /// A linker that rejects clang's arguments, for example after a system update, costs only time.
  @Test(arguments: [(["/bin/false"], "clang"), (["/bin/sh", "-c", "echo linker > made"], "linker"), (nil, "clang")])
  func whatFailsTheLinkerIsLeftToClang(linker: [String]?, maker: String) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("labbook-steps-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let steps = CompilationSteps(
      commands: [["/bin/sh", "-c", "echo object > object"], ["/bin/sh", "-c", "echo clang > made; echo said"]],
      linker: linker)
    let result = try await steps.run(in: folder)
    #expect(result.succeeded)
    #expect(result.output == (maker == "clang" ? "said\n" : ""))
    #expect(try String(contentsOf: folder.appendingPathComponent("made"), encoding: .utf8) == maker + "\n")
    #expect(FileManager.default.fileExists(atPath: folder.appendingPathComponent("object").path))
  }
}
