import CCairo
import Foundation
import Testing

/// A picture's pixels, for comparison with another's.
struct Picture {
  let width: Int
  let height: Int
  /// The components red, green and blue, row by row.
  var components: [UInt8]

  init(png data: Data) throws {
    final class Input {
      var rest: Data
      init(_ data: Data) { rest = data }
    }
    let input = Input(data)
    let surface = cairo_image_surface_create_from_png_stream(
      { closure, bytes, count in
        guard let closure, let bytes else { return CAIRO_STATUS_READ_ERROR }
        let input = Unmanaged<Input>.fromOpaque(closure).takeUnretainedValue()
        guard input.rest.count >= Int(count) else { return CAIRO_STATUS_READ_ERROR }
        input.rest.copyBytes(to: bytes, count: Int(count))
        input.rest = input.rest.dropFirst(Int(count))
        return CAIRO_STATUS_SUCCESS
      }, Unmanaged.passUnretained(input).toOpaque())
    defer { cairo_surface_destroy(surface) }
    try #require(cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS)
    width = Int(cairo_image_surface_get_width(surface))
    height = Int(cairo_image_surface_get_height(surface))
    let stride = Int(cairo_image_surface_get_stride(surface))
    let bytes = try #require(cairo_image_surface_get_data(surface))
    let (width, height) = (width, height)
    components = [UInt8](unsafeUninitializedCapacity: 3 * width * height) { buffer, count in
      var place = 0
      for row in 0..<height {
        let line = bytes + row * stride
        for column in 0..<width {
          buffer[place] = line[4 * column + 2]
          buffer[place + 1] = line[4 * column + 1]
          buffer[place + 2] = line[4 * column]
          place += 3
        }
      }
      count = place
    }
  }

  /// The largest mean colour difference of a tile, 0 to 255, and the tile's position; nil for pictures of different
  /// size.
  ///
  /// A mean over tiles tolerates moved edges, which other versions of fonts cause, and detects missing parts and
  /// wrong colours.
  func largestTileDifference(to other: Picture, tile: Int = 30) -> (difference: Double, x: Int, y: Int)? {
    guard width == other.width, height == other.height else { return nil }
    var largest = (difference: -1.0, x: 0, y: 0)
    components.withUnsafeBufferPointer { own in
      other.components.withUnsafeBufferPointer { others in
        for top in stride(from: 0, to: height, by: tile) {
          for left in stride(from: 0, to: width, by: tile) {
            let (bottom, right) = (min(top + tile, height), min(left + tile, width))
            var (red, green, blue) = (0, 0, 0)
            for row in top..<bottom {
              var position = (row * width + left) * 3
              for _ in left..<right {
                red += Int(own[position]) - Int(others[position])
                green += Int(own[position + 1]) - Int(others[position + 1])
                blue += Int(own[position + 2]) - Int(others[position + 2])
                position += 3
              }
            }
            let difference = Double(max(abs(red), abs(green), abs(blue))) / Double((bottom - top) * (right - left))
            if difference > largest.difference { largest = (difference, left, top) }
          }
        }
      }
    }
    return largest
  }

  /// The pixels that differ, black on white.
  func difference(to other: Picture) -> Picture {
    guard width == other.width, height == other.height else { return self }
    var result = self
    for position in components.indices {
      let (a, b) = (components[position], other.components[position])
      result.components[position] = 255 - (a > b ? a - b : b - a)
    }
    return result
  }

  func png() throws -> Data {
    let surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height))
    defer { cairo_surface_destroy(surface) }
    let stride = Int(cairo_image_surface_get_stride(surface))
    let bytes = try #require(cairo_image_surface_get_data(surface))
    for row in 0..<height {
      for column in 0..<width {
        for channel in 0..<3 {
          bytes[row * stride + column * 4 + 2 - channel] = components[(row * width + column) * 3 + channel]
        }
      }
    }
    cairo_surface_mark_dirty(surface)
    final class Output { var data = Data() }
    let output = Output()
    let status = cairo_surface_write_to_png_stream(
      surface,
      { closure, bytes, count in
        guard let closure, let bytes else { return CAIRO_STATUS_WRITE_ERROR }
        Unmanaged<Output>.fromOpaque(closure).takeUnretainedValue().data.append(bytes, count: Int(count))
        return CAIRO_STATUS_SUCCESS
      }, Unmanaged.passUnretained(output).toOpaque())
    try #require(status == CAIRO_STATUS_SUCCESS)
    return output.data
  }

  /// Tiles whose difference is below this look the same at a glance; a missing line of text or a wrong colour is well
  /// above.
  static let tolerance = 10.0

  /// Records an issue if a tile differs by more than the tolerance, and writes the picture and the difference next to
  /// the expected one.
  static func expect(_ drawn: Data, toLookLike file: URL, name: String) throws {
    let picture = try Picture(png: drawn)
    let recorded = try Picture(png: Data(contentsOf: file))
    let largest = picture.largestTileDifference(to: recorded)
    guard let largest, largest.difference <= tolerance else {
      let failures = FileManager.default.temporaryDirectory.appending(path: "labbook-picture-tests")
      try FileManager.default.createDirectory(at: failures, withIntermediateDirectories: true)
      try drawn.write(to: failures.appending(path: "\(name).png"))
      try picture.difference(to: recorded).png().write(to: failures.appending(path: "\(name)-difference.png"))
      let reason =
        largest.map { "differs by \($0.difference) at \($0.x), \($0.y)" }
        ?? "is \(picture.width)×\(picture.height), not \(recorded.width)×\(recorded.height)"
      Issue.record("\(name) \(reason); see \(failures.path)")
      return
    }
  }
}
