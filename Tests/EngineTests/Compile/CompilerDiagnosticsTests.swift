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
}
