import Core
import Foundation
import Synchronization
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

  /// A new picture, class or folder makes the cell that loads them stale.
  @Test func itsNamesAreAmongWhatIsRead() throws {
    let png = try #require(Data(base64Encoded: square))
    let root = try folder(["cat/1.png": png, "dog/2.png": png])
    let read = Mutex<[String: Data?]>([:])
    var context = TrainingContext.current
    context.files = { path, content in read.withLock { $0[path] = content } }
    _ = try context.run { try ImageSet.load(root) }
    let names = read.withLock { $0 }.mapValues { $0.map { String(decoding: $0.prefix(20), as: UTF8.self) } }
    #expect(names["\(root)/*"] == "cat\ndog")
    #expect(names["\(root)/cat/**.{png,jpg,jpeg}"] == "1.png")
    #expect(names["\(root)/dog/**.{png,jpg,jpeg}"] == "2.png")
    #expect(names.count == 5)
    #expect(throws: InputError.self) { try context.run { try ImageSet.load("\(root)/none") } }
    #expect(read.withLock { $0["\(root)/none/*"] } == .some(.none))
  }

  /// A JPEG of 8 x 8 pixels, red at the top and blue at the bottom.
  @Test func readsJPEGs() throws {
    let jpeg = """
      /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19iZ2hnPk1x\
      eXBkeFxlZ2P/2wBDARESEhgVGC8aGi9jQjhCY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2P/\
      wAARCAAIAAgDAREAAhEBAxEB/8QAFAABAAAAAAAAAAAAAAAAAAAABv/EABcQAAMBAAAAAAAAAAAAAAAAAAAUY6L/xAAUAQEAAAAAAAAAAAAA\
      AAAAAAAF/8QAGREAAgMBAAAAAAAAAAAAAAAAAGMVoeEW/9oADAMBAAIRAxEAPwAy9PQpzra0Znl3h//Z
      """
    let data = try #require(Data(base64Encoded: jpeg))
    let images = try ImageSet.load(folder(["cat/1.jpg": data, "cat/2.JPEG": data, "dog/1.jpg": data]))
    #expect(images.labels == [0, 0, 1] && images.size == 8)
    let (red, blue) = (images.pixels[..<64], images.pixels[128..<192])
    #expect(red.prefix(24).allSatisfy { $0 > 235 } && red.suffix(24).allSatisfy { $0 < 30 })
    #expect(blue.prefix(24).allSatisfy { $0 < 40 } && blue.suffix(24).allSatisfy { $0 > 220 })
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

  /// 1400 pictures of 3 MiB are more than 4 GiB.
  @Test func manyLargePicturesAreRefusedAtTheFirst() throws {
    let large = """
      iVBORw0KGgoAAAANSUhEUgAABAAAAAQAAQAAAABXZhYuAAAAlklEQVR42u3BAQEAAACCIP+vbkhAAQAAAAAAAAAAAAAAAAAAAAAA\
      AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
      AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAADvBgQeAAEN3jhkAAAAAElFTkSuQmCC
      """
    let root = try folder(["cat/0.png": try #require(Data(base64Encoded: large)), "dog/0.png": Data()])
    for number in 1..<1400 {
      try FileManager.default.linkItem(atPath: "\(root)/cat/0.png", toPath: "\(root)/cat/\(number).png")
    }
    let error = #expect(throws: InputError.self) { try ImageSet.load(root) }
    #expect(
      error?.description == """
        \(root): the 1401 pictures of 1024 x 1024 pixels have more than 4 GiB of pixels
          Use fewer or smaller pictures.
        """)
  }

  /// GdkPixbuf could read other formats, too.
  @Test func otherFormatsAreNotRead() throws {
    let drawing = "<svg xmlns='http://www.w3.org/2000/svg' width='8' height='8'/>"
    let root = try folder(["cat/1.png": Data(drawing.utf8)])
    #expect(throws: InputError.self) { try ImageSet.load(root) }
  }
}
