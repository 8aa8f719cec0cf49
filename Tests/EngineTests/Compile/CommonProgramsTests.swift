import Core
import Foundation
import TestSupport
import Testing

@testable import Engine

@Suite struct CommonProgramsTests {
  @Test func programsDontDependOnTheFolder() throws {
    let source = "```swift {#a}\nfunc f() -> Int { 1 }\nlet x = f()\n```\n\n`{swift} x`\n"
    let texts = try ["/one/n.md", "two/n.md"].map {
      NotebookProgram(try Notebook(source: source, file: $0)).checked(handedOn: ["x"])
    }
    #expect(texts[0] == texts[1] && texts[0].contains("#sourceLocation(file: \"n.md\", line: 2)"))
  }

  @Test func warningsNameThePresentPath() throws {
    let notebook = try Notebook(source: "Text.\n", file: "new/n.md")
    let note = Diagnostic(severity: .note, message: "n", place: Place(file: "n.md", line: 2))
    var warning = Diagnostic.warning("w", at: Place(file: "n.md", line: 1))
    warning.notes = [note]
    let check = NotebookCompiler.Check(types: [:], warnings: [warning]).of(notebook)
    #expect(check.warnings[0].place?.file == "new/n.md" && check.warnings[0].notes[0].place?.file == "new/n.md")
  }

  @Test func whatIsKeptIsFound() throws {
    let notebook = try TemporaryNotebook("")
    let folder = notebook.folder.appendingPathComponent("common")
    #expect(CommonPrograms(environment: [:]) == nil)
    let common = try #require(CommonPrograms(environment: [CommonPrograms.variable: folder.path]))
    let copy = notebook.folder.appendingPathComponent("copy")
    #expect(!common.copy(programs: "p", to: copy, ["-la"]))
    common.keep(notebook.file, programs: "p", ["-la"])
    common.keep(notebook.file, programs: "p", ["-la"])
    #expect(!common.copy(programs: "p", to: copy, ["-lb"]))
    #expect(common.copy(programs: "p", to: copy, ["-la"]))
    #expect(try Data(contentsOf: copy) == Data(contentsOf: notebook.file))

    common.keep(.init(types: ["x": "Int"], warnings: []), as: "k")
    #expect(common.check("k")?.types == ["x": "Int"] && common.check("other") == nil)

    // Nothing unfinished is left.
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).allSatisfy { !$0.hasPrefix(".") })
  }
}
