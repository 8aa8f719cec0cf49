import Foundation

extension Data {
  /// The bytes of `values` in little-endian IEEE 754 single precision.
  package init(littleEndian values: some Collection<Float>) {
    #if _endian(little)
      let copied = values.withContiguousStorageIfAvailable { Data(buffer: $0) }
      if let copied {
        self = copied
        return
      }
    #endif
    self.init(capacity: 4 * values.count)
    for value in values {
      Swift.withUnsafeBytes(of: value.bitPattern.littleEndian) { append(contentsOf: $0) }
    }
  }
}

extension [Float] {
  /// The values of bytes in little-endian IEEE 754 single precision. Incomplete bytes at the end are ignored.
  package init(littleEndian data: Data) {
    self = data.withUnsafeBytes { bytes in
      (0..<bytes.count / 4).map {
        Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
      }
    }
  }
}
