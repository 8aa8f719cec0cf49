import Foundation
import TestSupport
import Testing

@testable import Engine
@testable import Proof

@Suite struct StoreCleaningTests {
  static let source = """
    ```swift {#a}
    let x = 1
    metric("x", Double(x))
    show(Chart.lossCurves([LossCurve(label: "a", training: [3, 2, Double(x)])]))
    ```

    ```swift {#b}
    print(x)
    ```

    `{swift} x`
    """

  private func files(_ notebook: TemporaryNotebook, _ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(
      atPath: notebook.folder.appendingPathComponent(".labbook/\(folder)").path)
  }

  @Test func keepsTheNewestResultsAndTheHistory() throws {
    let notebook = try TemporaryNotebook(Self.source)
    #expect(try notebook.labbook("run", "n.md").code == 0)
    try notebook.edit("let x = 1", "let x = 2")
    #expect(try notebook.labbook("run", "n.md").code == 0)
    let before = try files(notebook, "results").count
    let difference = try notebook.labbook("diff", "n@1", "n@2")

    let told = try notebook.labbook("clean", "--dry-run")
    #expect(told.output.hasPrefix("would remove 4 results, 2 values and outputs, "))
    #expect(try files(notebook, "results").count == before)
    let cleaned = try notebook.labbook("clean")
    #expect(cleaned.output == told.output.replacingOccurrences(of: "would remove", with: "removed"))
    #expect(try files(notebook, "results").count == before - 4)

    #expect(try notebook.labbook("run", "n.md").errors == "a  fresh\nb  fresh\n")
    let again = try notebook.labbook("diff", "n@1", "n@2")
    #expect(again == difference && again.output.contains("x"))
    #expect(try notebook.labbook("clean").output == "nothing to remove\n")
  }

  @Test func trainingsOfEarlierVersionsGo() async throws {
    let notebook = try TemporaryNotebook("")
    let store = try Store(beside: notebook.folder)
    for (age, name) in ["new", "older", "oldest"].enumerated() {
      let folder = store.folder.appendingPathComponent("fits/\(name)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data("fit".utf8).write(to: folder.appendingPathComponent("a"))
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSince1970: 1e9 - Double(age))], ofItemAtPath: folder.path)
    }
    let cleaning = try await StoreCleaning(store)
    #expect(cleaning.counts.map { "\($0.count) \($0.kind)" } == ["2 trainings"])
    try cleaning.remove()
    #expect(try files(notebook, "fits") == ["new"])
  }

  @Test func aRunAtWorkIsNotDisturbed() async throws {
    let notebook = try TemporaryNotebook(Self.source)
    let store = try Store(beside: notebook.folder)
    _ = try store.temporaryFolder("run")
    for arguments in [["clean"], ["clean", "--all"]] {
      let ending = try notebook.start(arguments)()
      #expect(ending.code == 2)
      #expect(ending.errors.contains("a run is at work in it"))
    }
    #expect(FileManager.default.fileExists(atPath: store.folder.path))
  }

  @Test func allIsTheWholeStore() throws {
    let notebook = try TemporaryNotebook("```swift {#a}\nprint(1)\n```\n")
    #expect(try notebook.labbook("run", "n.md").code == 0)
    #expect(try notebook.labbook("clean", "n.md", "--all").code == 0)
    #expect(!FileManager.default.fileExists(atPath: notebook.folder.appendingPathComponent(".labbook").path))
    #expect(try notebook.labbook("clean").errors.contains("no run is recorded"))
  }
}
