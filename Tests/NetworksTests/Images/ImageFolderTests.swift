import Core
import Foundation
import Testing

@testable import Networks

@Suite struct ImageFolderTests {
  /// A PNG of 8 x 8 pixels, red at the top and blue at the bottom, and one of 8 x 4.
  private let square =
    "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAFklEQVR42mP4z8CAFTFQUYKqhmGXAADpMD/BcEiM2AAAAABJRU5ErkJggg=="
  private let wide =
    "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAECAIAAAA8r+mnAAAAEUlEQVR42mNgZGLGihioJwEAJaQAwfSJzeQAAAAASUVORK5CYII="

  private func folder(_ files: [String: Data]) throws -> String {
    let root = URL(fileURLWithPath: temporaryFile("x")).deletingLastPathComponent()
    for (path, data) in files {
      let url = root.appendingPathComponent(path)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try data.write(to: url)
    }
    return root.path
  }

  @Test func readsAFolderForEachClass() throws {
    let png = try #require(Data(base64Encoded: square))
    let images = try ImageSet.load(folder(["cat/1.png": png, "dog/1.PNG": png, "dog/2.png": png, "notes.txt": Data()]))
    #expect(images.classes == ["cat", "dog"])
    #expect(images.labels == [0, 1, 1])
    #expect(images.size == 8)
    #expect(images.pixels[0] == 255)
    #expect(images.pixels[63] == 0)
    #expect(images.pixels[2 * 64] == 0)
    #expect(images.pixels[2 * 64 + 63] == 255)
  }

  @Test func whatCantBeRead() throws {
    let png = try #require(Data(base64Encoded: square))
    var root = try folder(["cat/1.png": png, "cat/2.png": Data(png.prefix(40))])
    var error = #expect(throws: InputError.self) { try ImageSet.load(root) }
    #expect(
      error?.description
        == "\(root)/cat/2.png: this is not a PNG or JPEG file of at most 4096 x 4096 pixels, or it is damaged")
    root = try folder(["cat/1.png": png, "cat/2.png": try #require(Data(base64Encoded: wide))])
    error = #expect(throws: InputError.self) { try ImageSet.load(root) }
    #expect(
      error?.description == """
        \(root)/cat/2.png: the picture has 8 x 4 pixels, but those before have 8 x 8
          All pictures must be squares of the same size: scale or crop them first.
        """)
    root = try folder(["notes.txt": Data()])
    error = #expect(throws: InputError.self) { try ImageSet.load(root) }
    #expect(error?.description == "\(root): the folder has no subfolders\n  It must have one for each class.")
    error = #expect(throws: InputError.self) { try ImageSet.load("/no/such") }
    #expect(error?.cause == "the folder doesn't exist")
  }

  /// Decoding it would take ten gigabytes; it has 60000 x 60000 pixels.
  @Test func aPictureThatIsTooLargeIsNotDecoded() throws {
    let huge =
      "iVBORw0KGgoAAAANSUhEUgAA6mAAAOpgCAIAAAAPsOIVAAAADElEQVR4nGNgoD0AAABkAAGGZDw1AAAAAElFTkSuQmCC"
    let root = try folder(["cat/1.png": try #require(Data(base64Encoded: huge))])
    let error = #expect(throws: InputError.self) { try ImageSet.load(root) }
    #expect(error?.cause == "this is not a PNG or JPEG file of at most 4096 x 4096 pixels, or it is damaged")
  }

  /// GdkPixbuf could read other formats, too.
  @Test func otherFormatsAreNotRead() throws {
    let drawing = "<svg xmlns='http://www.w3.org/2000/svg' width='8' height='8'/>"
    let root = try folder(["cat/1.png": Data(drawing.utf8)])
    #expect(throws: InputError.self) { try ImageSet.load(root) }
  }
}
