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

  @Test func namesOfFilesWithTheExtensions() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try write("b.onnx", "a/c.ONNX", "a/d.txt", ".hidden/e.onnx", "a/.f.onnx", "onnx", "g.onnx.gz")
    // A link to a folder is followed, but not one to a folder that it is in.
    let elsewhere = folder.appendingPathComponent("linked").path
    try FileManager.default.createSymbolicLink(atPath: elsewhere, withDestinationPath: "/nowhere")
    try FileManager.default.createSymbolicLink(
      atPath: folder.appendingPathComponent("a/up").path, withDestinationPath: folder.path)
    let models = FolderListing(folder.path, extensions: ["onnx"])
    #expect(models.names == ["a/c.ONNX", "b.onnx"])
    #expect(FolderListing(folder.path, extensions: ["gz", "txt"]).names == ["a/d.txt", "g.onnx.gz"])
    #expect(models.folders == ["\(folder.path)/", "\(folder.path)/a/"])
    let before = models.content
    try write("a/h.txt")
    #expect(models.content == before)
    try write("a/h.onnx")
    #expect(models.content != before)
  }

  @Test func aFolderThatIsNotThereHasNoNames() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(FolderListing(folder.path, extensions: ["onnx"]).content == nil)
    try write("file")
    #expect(FolderListing(folder.path + "/file", extensions: ["onnx"]).content == nil)
    // An empty folder is something else.
    #expect(FolderListing(folder.path, extensions: ["onnx"]).content == Data())
  }

  @Test(arguments: [
    ("models", ["onnx"], "models/**.onnx"), ("models/", ["onnx"], "models/**.onnx"),
    ("/", ["csv"], "/**.csv"), ("../a b", ["png", "jpg"], "../a b/**.{png,jpg}"),
  ])
  func hasTheFormOfAPath(_ folder: String, _ extensions: [String], _ path: String) throws {
    let listing = FolderListing(folder, extensions: extensions)
    #expect(listing.path == path)
    let read = try #require(FolderListing(path: path))
    #expect(read.path == path && read.extensions == extensions)
  }

  @Test(arguments: ["models/a.onnx", "models/**", "**.onnx", "models/**.onnx/a", "models/**.{", ""])
  func otherPathsAreThoseOfFiles(_ path: String) {
    #expect(FolderListing(path: path) == nil)
  }
}
