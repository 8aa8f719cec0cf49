import Foundation
import Testing

@testable import Engine

@Suite struct CapturedOutputTests {
  @Test func aFloodKeepsItsBeginningAndItsEndAndTheWholeInAFile() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appendingPathComponent("stdout")
    let overflow = folder.appendingPathComponent("kept/all.txt")
    let lines = (0..<300_000).map { "line \($0)\n" }.joined()
    try Data(lines.utf8).write(to: file)
    let output = CapturedOutput(file, overflow: overflow)
    #expect(output.text.hasPrefix("line 0\nline 1\n"))
    #expect(output.text.hasSuffix("line 299999\n"))
    #expect(
      output.text.contains(
        "[… \(lines.utf8.count - CapturedOutput.limit) bytes left out; all of it is in \(overflow.path) …]"))
    #expect(output.text.utf8.count < CapturedOutput.limit + 300)
    #expect(try String(contentsOf: overflow, encoding: .utf8) == lines)
    // Joined pieces equal the whole, wherever it was cut.
    for cut in [0, 10, CapturedOutput.limit / 2, CapturedOutput.limit, lines.utf8.count - 10, lines.utf8.count] {
      #expect(output.text(from: 0, to: cut) + output.text(from: cut, to: .max) == output.text, "cut at \(cut)")
    }
  }

  @Test func aShortOutputIsKeptWhole() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: file) }
    try Data("损失 0.1\n".utf8).write(to: file)
    let output = CapturedOutput(file, overflow: file.appendingPathExtension("all"))
    #expect(output.text == "损失 0.1\n")
    #expect(output.text(from: 7, to: 10) == "0.1")
  }
}
