import Foundation

/// Reads bytes as the floating-point numbers that they probably are: Labbook's values hold large arrays as bytes and do not say
/// of which precision.
package enum PackedNumberReading {
  /// Two arrays of the same precision, or nil when the bytes are hardly numbers.
  ///
  /// The low halves of doubles are no plausible single-precision numbers, but the other way round two neighbouring singles can
  /// look like a double. So singles are tried first, unless all low halves are zero, as they are in small whole numbers.
  package static func numbers(_ left: Data, _ right: Data) -> (left: [Double], right: [Double])? {
    let isRound = [left, right].allSatisfy { data in
      words(data, UInt64.self)?.allSatisfy { $0 & 0xFFFF_FFFF == 0 } ?? false
    }
    if !isRound, let left = singles(left), let right = singles(right) { return (left, right) }
    if let left = doubles(left), let right = doubles(right) { return (left, right) }
    return nil
  }

  private static func singles(_ data: Data) -> [Double]? {
    words(data, UInt32.self).map { $0.map { Double(Float(bitPattern: $0)) } }.flatMap(plausible)
  }

  private static func doubles(_ data: Data) -> [Double]? {
    words(data, UInt64.self).map { $0.map { Double(bitPattern: $0) } }.flatMap(plausible)
  }

  private static func plausible(_ values: [Double]) -> [Double]? {
    values.allSatisfy { $0 == 0 || $0.isNaN || (1e-15...1e15).contains(abs($0)) } ? values : nil
  }

  private static func words<Word: FixedWidthInteger>(_ data: Data, _ type: Word.Type) -> [Word]? {
    let size = MemoryLayout<Word>.size
    guard data.count.isMultiple(of: size) else { return nil }
    return data.withUnsafeBytes { bytes in
      stride(from: 0, to: bytes.count, by: size).map {
        Word(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: Word.self))
      }
    }
  }
}
