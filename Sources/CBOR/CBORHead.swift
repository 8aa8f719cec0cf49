import Foundation

/// The major type in the first bits of an item (RFC 8949, section 3).
enum CBORMajor {
  static let natural: UInt8 = 0 << 5
  static let negative: UInt8 = 1 << 5
  static let bytes: UInt8 = 2 << 5
  static let text: UInt8 = 3 << 5
  static let array: UInt8 = 4 << 5
  static let map: UInt8 = 5 << 5
  static let tag: UInt8 = 6 << 5
  static let simple: UInt8 = 7 << 5
}

/// The first bytes of items with no argument, or with one of fixed size.
enum CBORSimple {
  static let no: UInt8 = 0xF4
  static let yes: UInt8 = 0xF5
  static let null: UInt8 = 0xF6
  static let half: UInt8 = 0xF9
  static let single: UInt8 = 0xFA
  static let double: UInt8 = 0xFB
}

enum CBORTag {
  /// The tag of a whole number of more than 64 bits as big-endian bytes. A negative one is encoded as -1 - n.
  static let natural: UInt64 = 2
  static let negative: UInt64 = 3
  /// The tag that marks a file as CBOR.
  static let selfDescribed: UInt64 = 55_799
}

/// Compares bytes like `memcmp`. Names of members are so short that a call would take longer.
@inline(__always)
func compareBytes(_ left: UnsafeRawPointer, _ right: UnsafeRawPointer, _ count: Int) -> Int {
  if count > 16 { return Int(memcmp(left, right, count)) }
  var index = 0
  while index < count {
    let (first, second) = (
      left.load(fromByteOffset: index, as: UInt8.self), right.load(fromByteOffset: index, as: UInt8.self)
    )
    if first != second { return Int(first) - Int(second) }
    index += 1
  }
  return 0
}

/// Limits for writing and reading.
enum CBORLimit {
  /// The greatest nesting depth of containers. JSON's decoder has the same limit.
  static let depth = 512
}
