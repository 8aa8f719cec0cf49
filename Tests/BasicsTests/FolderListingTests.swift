import Foundation
import Testing

@testable import Basics

@Suite struct FolderListingTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("listing-\(UUID().uuidString)")

  private func write(_ names: String...) throws {
    for name in names {
      let url = folder.appendingPathComponent(name)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(name.utf8).write(to: url)
    }
  }

  private func files(_ extensions: String..., below part: String = "") throws -> FolderListing {
    try #require(FolderListing(folder.path + part, .files(extensions: extensions)))
  }

  @Test func namesOfFilesWithTheExtensions() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try write("b.onnx", "a/c.ONNX", "a/d.txt", ".hidden/e.onnx", "a/.f.onnx", "onnx", "g.onnx.gz")
    // Links to folders aren't followed: they may lead anywhere. That to a file is a file.
    for (name, target) in [("linked", "/"), ("a/up", folder.path), ("h.txt", "g.onnx.gz")] {
      try FileManager.default.createSymbolicLink(
        atPath: folder.appendingPathComponent(name).path, withDestinationPath: target)
    }
    let models = try files("onnx")
    #expect(models.find().names == ["a/c.ONNX", "b.onnx"])
    #expect(try files("onnx.gz", "txt").find().names == ["a/d.txt", "g.onnx.gz", "h.txt"])
    #expect(models.find().folders == ["\(folder.path)/", "\(folder.path)/a/"])
    let before = models.find().content
    try write("a/i.txt")
    #expect(models.find().content == before)
    try write("a/i.onnx")
    #expect(models.find().content != before)
    // The folder itself may be a link.
    let link = folder.appendingPathComponent("link").path
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: folder.path + "/a")
    #expect(try files("onnx", below: "/link").find().names == ["c.ONNX", "i.onnx"])
  }

  @Test func namesOfSubfolders() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try write("dog/1.png", "cat/more/2.png", ".git/x", "notes.txt")
    try FileManager.default.createSymbolicLink(
      atPath: folder.appendingPathComponent("bird").path, withDestinationPath: "/")
    let classes = try #require(FolderListing(folder.path, .subfolders))
    #expect(classes.find().names == ["bird", "cat", "dog"])
    #expect(classes.find().folders == ["\(folder.path)/"])
  }

  @Test func aFolderThatIsNotThereHasNoNames() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(try files("onnx").find().content == nil)
    try write("file")
    #expect(try files("onnx", below: "/file").find().content == nil)
    // An empty folder is something else.
    #expect(try files("onnx").find().content == Data())
  }

  @Test(arguments: [
    ("models", ["onnx"], "models/**.onnx"), ("models/", ["tar.gz"], "models/**.tar.gz"),
    ("/", ["csv"], "/**.csv"), ("../a b\n/**.c", ["png", "h_5"], "../a b\n/**.c/**.{png,h_5}"),
  ])
  func hasTheFormOfAPath(_ folder: String, _ extensions: [String], _ path: String) throws {
    let listing = try #require(FolderListing(folder, .files(extensions: extensions)))
    #expect(listing.path == path)
    let read = try #require(FolderListing(path: path))
    #expect(read.path == path && read.kind == listing.kind)
    let subfolders = try #require(FolderListing(folder, .subfolders))
    #expect(FolderListing(path: subfolders.path)?.path == subfolders.path)
  }

  @Test(arguments: [
    "models/a.onnx", "models/**", "**.onnx", "models/**.onnx/a", "models/**.{", "models/**.", "*", "models/*/", "",
  ])
  func otherPathsAreThoseOfFiles(_ path: String) {
    #expect(FolderListing(path: path) == nil)
  }

  @Test(arguments: [[], [""], ["CSV"], ["a/b"], ["*"], ["png,jpg"], ["{a}"]])
  func otherExtensionsHaveNoListing(_ extensions: [String]) {
    #expect(FolderListing("models", .files(extensions: extensions)) == nil)
    #expect(FolderListing("", .files(extensions: ["csv"])) == nil)
  }
}
