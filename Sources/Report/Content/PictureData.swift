import Foundation

/// Makes the data URL by which a page includes a picture.
package enum PictureData {
  /// The media type, found by the file's first bytes and not by its name; nil for pictures that browsers don't show.
  package static func mediaType(_ data: Data) -> String? {
    let head = [UInt8](data.prefix(16))
    if head.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return "image/png" }
    if head.starts(with: [0xFF, 0xD8, 0xFF]) { return "image/jpeg" }
    if head.starts(with: Array("GIF8".utf8)) { return "image/gif" }
    if head.starts(with: Array("RIFF".utf8)), head.dropFirst(8).starts(with: Array("WEBP".utf8)) { return "image/webp" }
    let text = String(decoding: data.prefix(1000), as: UTF8.self).drop { $0.isWhitespace || $0 == "\u{FEFF}" }
    if text.hasPrefix("<svg") || (text.hasPrefix("<?xml") || text.hasPrefix("<!--")) && text.contains("<svg") {
      return "image/svg+xml"
    }
    return nil
  }

  /// The data URL `data:image/png;base64,...`; nil for data that is not a picture.
  package static func url(_ data: Data) -> String? {
    mediaType(data).map { "data:\($0);base64,\(data.base64EncodedString())" }
  }
}
