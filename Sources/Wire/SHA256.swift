import Basics
internal import CCrypto
import Foundation
import Glibc

/// SHA-256 (FIPS 180-4) by libcrypto, as 64 lower-case hexadecimal digits.
package enum SHA256 {
  package static func hex(_ data: Data) -> String {
    let stream = Stream()
    data.withUnsafeBytes { stream.add($0) }
    return stream.hex()
  }

  package static func hex(_ text: String) -> String {
    hex(Data(text.utf8))
  }

  /// The digest of a file's content; nil if there is no such file or if it can't be read.
  ///
  /// The file is read in parts, so that its size in memory doesn't matter. Pipes and devices have no digest, because
  /// reading them may never end. The path of a `FolderListing` has the digest of the names in the folder.
  package static func hexOfFile(_ path: String) -> String? {
    if let listing = FolderListing(path: path) { return hexOfNames(listing.find()) }
    // Without O_NONBLOCK, opening a named pipe waits for a writer.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    let stream = Stream()
    let part = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { part.deallocate() }
    while true {
      let count = read(descriptor, part.baseAddress, part.count)
      if count == 0 { return stream.hex() }
      if count > 0 {
        stream.add(UnsafeRawBufferPointer(start: part.baseAddress, count: count))
      } else if errno != EINTR {
        return nil
      }
    }
  }

  /// The digest of the names in a folder; nil if it can't be read.
  package static func hexOfNames(_ found: FolderListing.Found) -> String? { found.content.map { hex($0) } }

  /// The digest of bytes that arrive in parts.
  package final class Stream {
    private let context: OpaquePointer?

    package init() {
      context = EVP_MD_CTX_new()
      EVP_DigestInit_ex(context, EVP_sha256(), nil)
    }

    deinit { EVP_MD_CTX_free(context) }

    package func add(_ bytes: UnsafeRawBufferPointer) {
      EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    }

    /// The digest. Nothing can be added afterwards.
    package func hex() -> String {
      var digest = [UInt8](repeating: 0, count: 32)
      EVP_DigestFinal_ex(context, &digest, nil)
      let digits = Array("0123456789abcdef".utf8)
      return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
  }
}
