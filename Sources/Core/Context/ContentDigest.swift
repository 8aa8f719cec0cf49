internal import CCrypto
import Foundation

/// A SHA-256 digest (FIPS 180-4) of a sequence of values.
///
/// Each value is preceded by its length, so that different sequences of values never give the same bytes.
final class ContentDigest {
  private let context: OpaquePointer?

  init() {
    context = EVP_MD_CTX_new()
    EVP_DigestInit_ex(context, EVP_sha256(), nil)
  }

  deinit { EVP_MD_CTX_free(context) }

  func add(_ bytes: UnsafeRawBufferPointer) {
    withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { _ = EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
    EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
  }

  func add(_ data: Data) {
    data.withUnsafeBytes { add($0) }
  }

  func add(_ values: [some BitwiseCopyable]) {
    values.withUnsafeBytes { add($0) }
  }

  /// The digest's 32 bytes. Nothing can be added afterwards.
  func finish() -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    EVP_DigestFinal_ex(context, &digest, nil)
    return digest
  }
}
