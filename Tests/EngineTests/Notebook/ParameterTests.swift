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

  /// Nine lines of nine aliases stand for 9^9 values.
  @Test func valuesThatAliasesMultiplyAreRefused() throws {
    let lists = (1...9).map { level in
      let values = Array(repeating: level == 1 ? "1" : "*a\(level - 1)", count: 9).joined(separator: ", ")
      return "  a\(level): &a\(level) [\(values)]"
    }
    let error = #expect(throws: NotebookError.self) {
      try Notebook(source: "---\nparams:\n\(lists.joined(separator: "\n"))\n---\n", file: "n.md")
    }
    let diagnostic = error?.diagnostics.first
    #expect(diagnostic?.message == "the parameters have more than 100000 values")
    #expect(diagnostic?.place?.line == 3 && diagnostic?.remedy != nil)
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).yaml")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data("x: {\(lists.map { $0.dropFirst(2) }.joined(separator: ", "))}\n".utf8).write(to: file)
    var notebook = try Notebook(source: "---\nparams: {x: {a: [1]}}\n---\n", file: "n.md")
    #expect(throws: NotebookError.self) { try notebook.setParameters([], file: file.path) }
  }

  @Test func valuesThatAreNestedTooDeeplyAreRefused() throws {
    func source(_ depth: Int) -> String {
      "---\nparams: {a: \(String(repeating: "[", count: depth))1\(String(repeating: "]", count: depth))}\n---\n"
    }
    #expect(try Notebook(source: source(60), file: "n.md").frontMatter.parameters.count == 1)
    let error = #expect(throws: NotebookError.self) { try Notebook(source: source(70), file: "n.md") }
    #expect(
      error?.diagnostics.first?.message == "the values of the parameters are nested more than 64 levels deep")
  }

  @Test func anAliasOfAFewValuesIsRead() throws {
    let notebook = try Notebook(source: "---\nparams:\n  a: &a [1, 2]\n  b: *a\n---\n", file: "n.md")
    #expect(notebook.frontMatter.parameters.map(\.json) == ["[1, 2]", "[1, 2]"])
  }

  @Test(
    arguments: [
      .integer(-3), .integer(.max), .number(0.1), .number(3), .number(1e-300), .number(-.infinity), .boolean(true),
      .string("甲\"\\\n😀"), .string("inf"), .string("3"), .list([.integer(1), .integer(2)]),
      .list([.number(0.5), .number(.infinity)]), .list([.list([.string("a")]), .list([.string("b"), .string("")])]),
      .dictionary(["low": .number(2), "甲": .number(-0.5)]), .dictionary(["a": .list([.boolean(false)])]),
    ] as [Parameter.Value])
  func jsonIsReadAsTheSameValue(value: Parameter.Value) throws {
    let parameter = Parameter(name: "p", value: value)
    #expect(try Parameter.Value(json: parameter.json, type: parameter.type) == value)
  }

  @Test func otherJSONIsNoValueOfTheType() throws {
    for (json, type) in [("1.5", "Int"), ("true", "Int"), ("1", "String"), ("[1, true]", "[Int]"), ("[1", "[Int]")] {
      #expect(throws: DecodingError.self) { try Parameter.Value(json: json, type: type) }
    }
    let nan = Parameter(name: "p", value: .number(.nan))
    #expect(try Parameter(name: "p", value: Parameter.Value(json: nan.json, type: nan.type)).json == nan.json)
  }
}
