internal import CCrypto
import Foundation

/// SHA-256 (FIPS 180-4) by libcrypto, as 64 lower-case hexadecimal digits.
package enum SHA256 {
  package static func hex(_ data: Data) -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    data.withUnsafeBytes { bytes in
      _ = EVP_Digest(bytes.baseAddress, bytes.count, &digest, nil, EVP_sha256(), nil)
    }
    return digest.map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }

  package static func hex(_ text: String) -> String {
    hex(Data(text.utf8))
  }
}
