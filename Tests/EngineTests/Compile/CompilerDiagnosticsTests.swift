import Testing

@testable import Engine

@Suite struct CompilerDiagnosticsTests {
  @Test func placesCountCharactersAndNotesFollowWhatTheyBelongTo() throws {
    let notebook = try Notebook(source: "```swift {#a}\nlet 宽 = 损失\n```\n", file: "周报.md")
    let output = """
      周报.md:2:11: error: cannot find '损失' in scope
      let 宽 = 损失
                ^~~~
      周报.md:2:5: note: did you mean 'x'?
      周报.md:2:11: error: cannot find '损失' in scope
      main.swift:3:1: error: elsewhere
      """
    let found = CompilerDiagnostics.diagnostics(CompilerDiagnostics.parse(output), for: notebook)
    #expect(
      found.map { $0.text(source: notebook.sourceLines) } == [
        """
        周报.md:2:9: error: cannot find '损失' in scope
          let 宽 = 损失
                   ^
        周报.md:2:5: note: did you mean 'x'?
          let 宽 = 损失
              ^
        """
      ])
  }

  /// The compiler prints the source lines that its messages are about.
  @Test func sourceLinesThatLookLikeMessagesAreNone() throws {
    let places = ["2:0", "0:1", "2:\(Int.max)", "2:1"]
    let messages = CompilerDiagnostics.parse(places.map { "n.md:\($0): error: x\n" }.joined())
    #expect(messages.map(\.column) == [1])
    let source = "```swift {#a}\nlet text: Int = \"\"\"\nn.md:3:1: error: x\n\"\"\"\n```\n"
    let notebook = try Notebook(source: source, file: "n.md")
    let output = """
      n.md:2:17: error: cannot convert value
      let text: Int = \"""
      n.md:3:1: error: x
      """
    let found = CompilerDiagnostics.diagnostics(CompilerDiagnostics.parse(output), for: notebook)
    #expect(found.map(\.message) == ["cannot convert value"])
  }
}
