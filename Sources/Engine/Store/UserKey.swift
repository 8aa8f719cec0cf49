internal import CCrypto
import Foundation
import Glibc

/// The user's own Ed25519 key (RFC 8032). It signs the user's reports and seals the user's records in a store, so
/// that records from elsewhere can be recognised.
package struct UserKey: Sendable {
  /// The secret key: 32 bytes.
  private let secret: Data
  /// The public key: 32 bytes as hexadecimal digits.
  package let publicKey: String
  /// Whether the key is stored, so that the next run has the same key.
  package let isKept: Bool
  /// The path of a file that is there instead of the key and can't be read as one; nil if there is none.
  package let damagedFile: String?

  /// The key in the user's configuration, made at the first use. If it can't be stored, it lasts as long as this
  /// process.
  package static let user = UserKey(keptIn: UserFolder.configuration)

  /// - Parameter folder: The folder of the file `key`, which only its owner may read.
  package init(keptIn folder: URL?) {
    var secret = folder.flatMap { Self.read($0.appendingPathComponent("key").path) }
    if secret == nil, let folder {
      let new = Self.random()
      try? FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      // If several runs start at once, all must use the same key: the first one to link its file decides.
      let path = folder.appendingPathComponent("key").path
      let temporary = "\(path).\(getpid()).\(UInt32.random(in: 0 ... .max))"
      if Self.flush(Data((Self.hex(new) + "\n").utf8), to: temporary) { link(temporary, path) }
      unlink(temporary)
      secret = Self.read(path)
    }
    isKept = secret != nil
    let file = folder?.appendingPathComponent("key").path
    if secret == nil, let file, FileManager.default.fileExists(atPath: file) {
      damagedFile = file
    } else {
      damagedFile = nil
    }
    self.secret = secret ?? Self.random()
    publicKey = Self.publicKey(of: self.secret)
  }

  private static func read(_ path: String) -> Data? {
    guard let text = FileManager.default.contents(atPath: path), text.count < 100 else { return nil }
    // The file may have been copied from another machine with read permission for others.
    chmod(path, 0o600)
    let bytes = Self.bytes(String(decoding: text, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
    return bytes?.count == 32 ? bytes : nil
  }

  /// Writes a new file that only its owner may read, and flushes it to disk. Otherwise a power cut could leave an empty
  /// file under the key's name.
  private static func flush(_ content: Data, to path: String) -> Bool {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    let count = content.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    return count == content.count && fsync(descriptor) == 0
  }

  private static func random() -> Data {
    var generator = SystemRandomNumberGenerator()
    return Data((0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) })
  }

  // MARK: Seals

  /// A message authentication code that only this key's owner can make (HMAC-SHA-256, RFC 2104).
  package func seal(_ content: Data) -> String {
    var code = [UInt8](repeating: 0, count: 32)
    var count: UInt32 = 0
    // The seal's key is derived separately, so that no seal reveals anything about signatures.
    let key = Array("labbook seal".utf8) + secret
    content.withUnsafeBytes { bytes in
      _ = HMAC(
        EVP_sha256(), key, Int32(key.count), bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count, &code, &count)
    }
    return Self.hex(Data(code))
  }

  // MARK: Signatures

  /// The signature: 64 bytes as hexadecimal digits.
  package func signature(of content: Data) -> String {
    guard let key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, Array(secret), 32) else { return "" }
    defer { EVP_PKEY_free(key) }
    let context = EVP_MD_CTX_new()
    defer { EVP_MD_CTX_free(context) }
    var signature = [UInt8](repeating: 0, count: 64)
    var count = signature.count
    let bytes = Array(content)
    guard EVP_DigestSignInit(context, nil, nil, nil, key) == 1,
      EVP_DigestSign(context, &signature, &count, bytes, bytes.count) == 1
    else { return "" }
    return Self.hex(Data(signature))
  }

  /// Whether `signature` is the signature of `content` by the owner of `publicKey`.
  package static func isSigned(_ content: Data, signature: String, publicKey: String) -> Bool {
    guard let signature = bytes(signature), signature.count == 64, let publicKey = bytes(publicKey),
      publicKey.count == 32,
      let key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, Array(publicKey), 32)
    else { return false }
    defer { EVP_PKEY_free(key) }
    let context = EVP_MD_CTX_new()
    defer { EVP_MD_CTX_free(context) }
    let bytes = Array(content)
    return EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1
      && EVP_DigestVerify(context, Array(signature), signature.count, bytes, bytes.count) == 1
  }

  private static func publicKey(of secret: Data) -> String {
    guard let key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, Array(secret), 32) else { return "" }
    defer { EVP_PKEY_free(key) }
    var bytes = [UInt8](repeating: 0, count: 32)
    var count = bytes.count
    return EVP_PKEY_get_raw_public_key(key, &bytes, &count) == 1 ? hex(Data(bytes)) : ""
  }

  package static func hex(_ data: Data) -> String {
    data.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// The bytes of pairs of hexadecimal digits; nil for other text.
  package static func bytes(_ hex: String) -> Data? {
    let digits = Array(hex.utf8)
    guard digits.count.isMultiple(of: 2), digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else {
      return nil
    }
    return Data(
      stride(from: 0, to: digits.count, by: 2).compactMap {
        UInt8(String(decoding: digits[$0...($0 + 1)], as: UTF8.self), radix: 16)
      })
  }
}
