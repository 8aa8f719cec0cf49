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

  /// Data often are on another disk, and a link leads there.
  @Test func linksToFoldersAreFollowedOnce() throws {
    let notebook = try TemporaryNotebook("")
    let outside = try TemporaryFolder("outside")
    for (folder, name) in [(outside.url, "c.csv"), (outside.url, "deep/d.csv"), (notebook.folder, "own/e.csv")] {
      let file = folder.appendingPathComponent(name)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data("1".utf8).write(to: file)
    }
    func addLink(_ name: String, to target: URL) throws {
      try FileManager.default.createSymbolicLink(
        at: notebook.folder.appendingPathComponent(name), withDestinationURL: target)
    }
    try addLink("data", to: outside.url)
    try addLink("own/again", to: notebook.folder.appendingPathComponent("own"))
    try addLink("own/data", to: outside.url)
    #expect(try DependedFiles.paths(["data"], in: notebook.folder, at: nil) == ["data/c.csv", "data/deep/d.csv"])
    #expect(
      try DependedFiles.paths(["own"], in: notebook.folder, at: nil) == [
        "own/data/c.csv", "own/data/deep/d.csv", "own/e.csv",
      ])
    withExtendedLifetime(outside) {}
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
