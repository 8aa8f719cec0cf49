import Core
import Foundation
import TestSupport
import Testing

@testable import Engine

@Suite struct DependedFilesTests {
  private static let files = ["a.csv", "b.csv", "data/c.csv", "data/deep/d.csv", "data/.hidden", "x,y.csv", "[1].csv"]

  private func paths(_ names: [String]) throws -> [String] {
    let notebook = try TemporaryNotebook("")
    for name in Self.files {
      let url = notebook.folder.appendingPathComponent(name)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try notebook.write("1", to: name)
    }
    return try DependedFiles.paths(names, in: notebook.folder, at: nil)
  }

  @Test(arguments: [
    (["a.csv"], ["a.csv"]),
    (["a.csv, b.csv"], ["a.csv", "b.csv"]),
    (["x,y.csv"], ["x,y.csv"]),
    (["[1].csv"], ["[1].csv"]),
    (["data"], ["data/c.csv", "data/deep/d.csv"]),
    (["data/"], ["data/c.csv", "data/deep/d.csv"]),
    (["?.csv"], ["a.csv", "b.csv"]),
    (["data/*.csv", "data"], ["data/c.csv", "data/deep/d.csv"]),
  ])
  func namesMeanFiles(names: [String], expected: [String]) throws {
    #expect(try paths(names) == expected)
  }

  @Test(arguments: [
    ("no.csv", "`depends` names a file that can't be read: no.csv"),
    ("no/*.csv", "`depends` matches no file: no/*.csv"),
  ])
  func whatMeansNoFileIsAnError(name: String, message: String) throws {
    let error = #expect(throws: NotebookError.self) { try paths([name]) }
    #expect(error?.diagnostics.first?.message == message)
  }
}
