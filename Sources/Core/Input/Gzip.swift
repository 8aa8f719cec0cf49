internal import Basics
internal import CDeflate
import Foundation

/// Files compressed by gzip (RFC 1952).
package enum Gzip {
  /// - Throws: `InputError` when memory runs out.
  package static func compressed(_ content: Data) throws -> Data {
    guard let compressor = libdeflate_alloc_compressor(9) else { throw InputError("memory ran out") }
    defer { libdeflate_free_compressor(compressor) }
    var result = Data(count: libdeflate_gzip_compress_bound(compressor, content.count))
    let count = result.withUnsafeMutableBytes { output in
      content.withUnsafeBytes {
        libdeflate_gzip_compress(compressor, $0.baseAddress, $0.count, output.baseAddress, output.count)
      }
    }
    return result.prefix(count)
  }

  /// The content of a file, which may consist of several compressed parts ("members") one behind the other.
  /// - Parameters:
  ///   - file: The file's name, for errors.
  ///   - limit: The greatest size of the result, in bytes.
  /// - Throws: `InputError` when the file is damaged, or its content is larger than the limit.
  package static func decompressed(_ content: Data, file: String, limit: Int = Budgets.fileBytes) throws -> Data {
    guard let decompressor = libdeflate_alloc_decompressor() else { throw InputError("memory ran out") }
    defer { libdeflate_free_decompressor(decompressor) }
    // The last four bytes are the length of the last member's content, modulo 2³². Deflate makes nothing smaller than a
    // thousandth.
    let claimed = content.count < 18 ? 0 : content.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    var result = Data(count: min(max(1 << 10, min(claimed, content.count * 1100)), limit))
    var (start, count) = (0, 0)
    repeat {
      var (read, written) = (0, 0)
      // All members are written one behind the other into the same memory, so that many small ones take no more time.
      let status = result.withUnsafeMutableBytes { output in
        content.withUnsafeBytes {
          libdeflate_gzip_decompress_ex(
            decompressor, $0.baseAddress.map { $0 + start }, $0.count - start, output.baseAddress.map { $0 + count },
            output.count - count, &read, &written)
        }
      }
      switch status {
      case LIBDEFLATE_SUCCESS:
        start += read
        count += written
      case LIBDEFLATE_INSUFFICIENT_SPACE where result.count < limit: result.count = min(2 * result.count, limit)
      case LIBDEFLATE_INSUFFICIENT_SPACE:
        throw InputError(
          "the file's content has more than \(limit >> 20) MiB, which is the most that can be read",
          at: Place(file: file), remedy: "Put the data that the notebook needs into a smaller file.")
      default:
        throw InputError(
          "the file is damaged, or not compressed by gzip", at: Place(file: file),
          remedy: "Copy or download it again: gzip -t \(file)")
      }
    } while start < content.count
    result.count = count
    return result
  }
}

extension FileAccess {
  /// The content of a data file, which is decompressed if the path ends with ".gz".
  /// - Throws: `InputError` that names the file when it can't be read or is damaged.
  package static func readContent(_ path: String) throws -> Data {
    let content = try read(path)
    return path.lowercased().hasSuffix(".gz") ? try Gzip.decompressed(content, file: path) : content
  }
}
