internal import CCrypto
import Foundation

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
