internal import CZlib
import Foundation

/// Compresses data in zlib's format (RFC 1950).
package enum Compression {
  /// The data at zlib's best compression; nil if zlib fails.
  package static func compressed(_ data: Data) -> Data? {
    var size = compressBound(uLong(data.count))
    var result = Data(count: Int(size))
    let status = result.withUnsafeMutableBytes { output in
      data.withUnsafeBytes { input in
        compress2(
          output.bindMemory(to: Bytef.self).baseAddress, &size, input.bindMemory(to: Bytef.self).baseAddress,
          uLong(data.count), Z_BEST_COMPRESSION)
      }
    }
    return status == Z_OK ? result.prefix(Int(size)) : nil
  }

  /// The decompressed data; nil unless it is exactly `count` bytes long.
  package static func decompressed(_ data: Data, count: Int) -> Data? {
    // The buffer has one byte more, because zlib needs a place to write to even for no data.
    var result = Data(count: count + 1)
    var size = uLong(count + 1)
    let status = result.withUnsafeMutableBytes { output in
      data.withUnsafeBytes { input in
        uncompress(
          output.bindMemory(to: Bytef.self).baseAddress, &size, input.bindMemory(to: Bytef.self).baseAddress,
          uLong(data.count))
      }
    }
    return status == Z_OK && Int(size) == count ? result.prefix(count) : nil
  }
}
