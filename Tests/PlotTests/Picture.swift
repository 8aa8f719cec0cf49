import CCairo
import Foundation
import Testing

/// A picture's pixels, to be compared with another's.
struct Picture {
  let width: Int
  let height: Int
  /// Red, green, blue, row by row.
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
    components = []
    components.reserveCapacity(width * height * 3)
    for row in 0..<height {
      for column in 0..<width {
        let pixel = bytes + row * stride + column * 4
        components += [pixel[2], pixel[1], pixel[0]]
      }
    }
  }

  /// The largest mean difference of a tile's colours, 0 to 255, and where that tile is; nil for pictures of different size.
  ///
  /// A mean over tiles forgives moved edges, as other versions of fonts bring them, and catches what is missing or in a
  /// wrong colour.
  func largestTileDifference(to other: Picture, tile: Int = 30) -> (difference: Double, x: Int, y: Int)? {
    guard width == other.width, height == other.height else { return nil }
    var largest = (difference: -1.0, x: 0, y: 0)
    for top in stride(from: 0, to: height, by: tile) {
      for left in stride(from: 0, to: width, by: tile) {
        let (bottom, right) = (min(top + tile, height), min(left + tile, width))
        var sums = [0, 0, 0]
        for row in top..<bottom {
          for column in left..<right {
            let position = (row * width + column) * 3
            for channel in 0..<3 {
              sums[channel] += Int(components[position + channel]) - Int(other.components[position + channel])
            }
          }
        }
        let count = Double((bottom - top) * (right - left))
        let difference = sums.map { abs(Double($0)) / count }.max() ?? 0
        if difference > largest.difference { largest = (difference, left, top) }
      }
    }
    return largest
  }

  /// Where the pictures differ, black on white.
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

  /// Tiles that differ by less look the same at a glance: a missing line of text or a wrong colour is well above.
  static let tolerance = 10.0

  /// Records an issue, and writes the picture and the difference beside it, when a tile differs by more than the tolerance.
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
