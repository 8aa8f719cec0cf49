import Foundation
import Testing

@testable import Engine

/// All shipped notebooks.
@Suite struct ShippedNotebookTests {
  /// A cell can't read tables outside of the notebook's folder unless the front matter allows it.
  @Test func foldersThatParametersNameMayBeRead() throws {
    let folder = DocumentationTests.root.appendingPathComponent("notebooks")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".md") }
    #expect(names.count > 5)
    for name in names {
      let notebook = try Notebook(reading: folder.appendingPathComponent(name).path)
      for parameter in notebook.frontMatter.parameters {
        guard case .string(let path) = parameter.value, path.hasPrefix("../") else { continue }
        #expect(FileReach(notebook).contains(path), "\(name) may not read \(path)")
      }
    }
  }
}
