import TestSupport
import Testing

@testable import Engine

@Suite struct CellResourcesTests {
  @Test func aCellSaysWhatItAsksFor() throws {
    let notebook = try TemporaryNotebook(
      "```swift {#a}\n//| resources: {cpus: 8, memory: 1.5G, gpus: 1, time: 4h}\nlet a = 1\n```\n")
    let cell = try Notebook(reading: notebook.file.path).cells[0]
    #expect(
      cell.options.resources == CellResources(processors: 8, memory: 1536, accelerators: 1, seconds: 14_400))
    #expect(cell.options.resources?.text == "8 CPUs, 1536 MiB, 1 GPU, at most 4 h")
  }

  @Test(arguments: [
    ("8", "`resources` must be `key: value` pairs"), ("{cpu: 8}", "`cpu` is not a resource"),
    ("{cpus: many}", "`cpus` must be a whole number, 1 or more"),
    ("{gpus: -1}", "`gpus` must be a whole number, 0 or more"),
    ("{memory: 1e400G}", "`memory` must be a size such as 500M, 16G or 1T"),
    ("{memory: nanG}", "`memory` must be a size such as 500M, 16G or 1T"),
    ("{time: 1000d}", "`time` must be a time such as 30m, 4h or 2d"),
  ])
  func whatIsWrongIsToldWithItsPlace(value: String, message: String) throws {
    let notebook = try TemporaryNotebook("```swift {#a}\n//| resources: \(value)\nlet a = 1\n```\n")
    let error = #expect(throws: NotebookError.self) { try Notebook(reading: notebook.file.path) }
    #expect(error?.diagnostics[0].message == message)
    #expect(error?.diagnostics[0].place?.line == 2)
  }

  @Test(arguments: [("500M", 500), ("16g", 16_384), ("16GiB", 16_384), ("1TB", 1_048_576), ("0.5M", 1)])
  func sizes(text: String, mebibytes: Int) {
    #expect(CellResources.mebibytes(text) == mebibytes)
  }

  @Test func whatACellDoesNotSayTheClusterDoes() {
    let cell = CellResources(processors: 8, seconds: 60)
    let cluster = CellResources(processors: 1, memory: 100, seconds: 3600)
    #expect(cell.completed(by: cluster) == CellResources(processors: 8, memory: 100, seconds: 60))
    #expect(CellResources().text == nil)
  }
}
