import Core
import Foundation
import Testing

@testable import Engine

@Suite struct ParameterTests {
  private func notebook() throws -> Notebook {
    try Notebook(source: "---\nparams: {epochs: 50, rate: 0.001, quick: false, label: a}\n---\n", file: "n.md")
  }

  @Test(arguments: [
    ("epochs=500", Parameter(name: "epochs", value: .integer(500))),
    ("rate=1", Parameter(name: "rate", value: .number(1))),
    ("rate=1e-4", Parameter(name: "rate", value: .number(1e-4))),
    ("quick=true", Parameter(name: "quick", value: .boolean(true))),
    ("label=500", Parameter(name: "label", value: .string("500"))),
    ("label=a=b 甲", Parameter(name: "label", value: .string("a=b 甲"))),
  ])
  func assignments(text: String, parameter: Parameter) throws {
    var notebook = try notebook()
    try notebook.setParameters([text], file: nil)
    #expect(notebook.frontMatter.parameters.first { $0.name == parameter.name } == parameter)
  }

  @Test(arguments: [
    (
      "epoch=500",
      """
      error: n.md has no parameter named "epoch"
        Did you mean "epochs"?
      """
    ),
    (
      "epochs=many",
      """
      error: the parameter `epochs` is of type Int, and "many" is not
        The front matter's value, 50, gives the type.
      """
    ),
    (
      "epochs",
      """
      error: "epochs" is not `name=value`
        Write -P epochs=500.
      """
    ),
  ])
  func errors(text: String, message: String) throws {
    var notebook = try notebook()
    let error = #expect(throws: NotebookError.self) { try notebook.setParameters([text], file: nil) }
    #expect(error?.diagnostics.map { $0.text() } == [message])
  }

  @Test func aFileIsOverriddenByTheCommandLine() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).yaml")
    try Data("epochs: 10\nrate: 0.5\n".utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    var notebook = try notebook()
    try notebook.setParameters(["epochs=20"], file: file.path)
    #expect(notebook.frontMatter.parameters.map(\.json) == ["20", "0.5", "false", "\"a\""])
    try Data("epohcs: 10\n".utf8).write(to: file)
    let error = #expect(throws: NotebookError.self) { try notebook.setParameters([], file: file.path) }
    #expect(error?.diagnostics[0].place?.line == 1)
  }
}
