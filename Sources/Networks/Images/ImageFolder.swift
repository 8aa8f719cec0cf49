import Basics
internal import CPictures
import Core
import Foundation

extension ImageSet {
  /// Reads a folder with a subfolder for each class, which has PNG or JPEG files. Classes and files are in the order
  /// of their names.
  ///
  /// - Parameter classes: The names of the subfolders in the order of the class numbers, such as those of the
  ///   training images for a folder of test images; by default all subfolders.
  /// - Throws: `InputError` that names the file that can't be read or differs in size from the first one, or when all
  ///   pictures together have more than 4 GiB of pixels.
  public static func load(_ folder: String, classes: [String]? = nil) throws -> ImageSet {
    if let cause = pictures_load() {
      throw InputError(
        "pictures can't be read: \(String(cString: cause))",
        remedy: "Install GdkPixbuf: apt install libgdk-pixbuf-2.0-0")
    }
    let names = try classes ?? FileAccess.subfolders(of: folder)
    guard !names.isEmpty else {
      throw InputError(
        "the folder has no subfolders", at: Place(file: folder), remedy: "It must have one for each class.")
    }
    // Pictures in deeper folders don't belong to the class.
    let pictures = try names.map { name in
      try FileAccess.list("\(folder)/\(name)", extensions: ["png", "jpg", "jpeg"]).filter { !$0.contains("/") }
    }
    let count = pictures.reduce(0) { $0 + $1.count }
    var pixels: [UInt8] = []
    var labels: [UInt16] = []
    var size: Int?
    for (label, name) in names.enumerated() {
      for picture in pictures[label] {
        let image = try planes(of: "\(folder)/\(name)/\(picture)", expecting: size)
        if size == nil, image.pixels.count > Budgets.imageSetBytes / count {
          throw InputError(
            "the \(count) pictures of \(image.size) x \(image.size) pixels have more than "
              + "\(Budgets.imageSetBytes >> 30) GiB of pixels",
            at: Place(file: folder), remedy: "Use fewer or smaller pictures.")
        }
        size = image.size
        pixels += image.pixels
        labels.append(UInt16(clamping: label))
      }
    }
    guard let size else {
      throw InputError(
        "the folders of the classes have no pictures", at: Place(file: folder), remedy: "Put PNG or JPEG files there.")
    }
    return try ImageSet(classes: names, size: size, pixels: pixels, labels: labels)
  }

  /// The channels of a square picture, one after the other.
  private static func planes(of path: String, expecting size: Int?) throws -> (size: Int, pixels: [UInt8]) {
    let place = Place(file: path)
    let data = try FileAccess.read(path)
    var picture = picture()
    let isRead = data.withUnsafeBytes { bytes in
      picture_decode(bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count, &picture)
    }
    guard isRead, let values = picture.pixels else {
      throw InputError("this is not a PNG or JPEG file of at most 4096 x 4096 pixels, or it is damaged", at: place)
    }
    defer { picture_free(&picture) }
    // bounded: the picture's sides are whole numbers of 32 bits.
    let (width, height) = (Int(picture.width), Int(picture.height))
    guard width == height, width == size ?? width, width <= 4096 else {
      throw InputError(
        "the picture has \(width) x \(height) pixels, but "
          + (size.map { "those before have \($0) x \($0)" } ?? "it must be a square"),
        at: place, remedy: "All pictures must be squares of the same size: scale or crop them first.")
    }
    var pixels = [UInt8](repeating: 0, count: channels * width * height)
    let (step, row) = (Int(picture.channels), Int(picture.row_bytes))
    for channel in 0..<channels {
      for y in 0..<height {
        for x in 0..<width { pixels[(channel * height + y) * width + x] = values[y * row + x * step + channel] }
      }
    }
    return (width, pixels)
  }
}
