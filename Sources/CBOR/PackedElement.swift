import Foundation

/// A type of numbers that arrays store packed. An array is one byte string, with a tag for the type (RFC 8746).
protocol PackedElement: BitwiseCopyable, Primitive {
  /// The tag of little-endian numbers of this type.
  static var tag: UInt64 { get }
  /// Whether the type is a floating-point type. All NaNs of such a type are written with the same bits.
  static var isFloatingPoint: Bool { get }
  var hasOneForm: Bool { get }
  static var canonicalNaN: Self { get }
}

extension PackedElement where Self: FixedWidthInteger {
  static var isFloatingPoint: Bool { false }
  var hasOneForm: Bool { true }
  static var canonicalNaN: Self { 0 }

  /// The tags 64 to 79: bit 3 for signed numbers, bit 2 for little-endian order, bits 1 and 0 for the logarithm of
  /// their size.
  static var tag: UInt64 {
    let size = UInt64(bitWidth.trailingZeroBitCount - 3)
    return 64 | (isSigned ? 8 : 0) | (size > 0 ? 4 : 0) | size
  }
}

extension PackedElement where Self: BinaryFloatingPoint {
  static var isFloatingPoint: Bool { true }
  var hasOneForm: Bool { self == self }
  static var canonicalNaN: Self { .nan }
}

extension Int: PackedElement {}
extension Int8: PackedElement {}
extension Int16: PackedElement {}
extension Int32: PackedElement {}
extension Int64: PackedElement {}
extension UInt: PackedElement {}
extension UInt8: PackedElement {}
extension UInt16: PackedElement {}
extension UInt32: PackedElement {}
extension UInt64: PackedElement {}
extension Float16: PackedElement { static var tag: UInt64 { 84 } }
extension Float: PackedElement { static var tag: UInt64 { 85 } }
extension Double: PackedElement { static var tag: UInt64 { 86 } }

/// All packed types, by tag.
enum PackedElements {
  static func type(_ tag: UInt64) -> (any PackedElement.Type)? {
    switch tag {
    case UInt8.tag: UInt8.self
    case UInt16.tag: UInt16.self
    case UInt32.tag: UInt32.self
    case UInt64.tag: UInt64.self
    case Int8.tag: Int8.self
    case Int16.tag: Int16.self
    case Int32.tag: Int32.self
    case Int64.tag: Int64.self
    case Float16.tag: Float16.self
    case Float.tag: Float.self
    case Double.tag: Double.self
    default: nil
    }
  }
}

/// Packed numbers that are not copied until they are written.
protocol PackedNumberStorage {
  var byteCount: Int { get }
  func withBytes(_ body: (UnsafeRawBufferPointer) throws -> Void) rethrows
  /// Whether these bytes, a part of those of `withBytes`, can be written unchanged.
  func isCanonical(_ bytes: UnsafeRawBufferPointer) -> Bool
  func makeCanonical(_ bytes: UnsafeMutableRawBufferPointer)
}

extension Array: PackedNumberStorage where Element: PackedElement {
  var byteCount: Int { count * MemoryLayout<Element>.stride }

  func withBytes(_ body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
    try withUnsafeBytes { try body($0) }
  }

  func isCanonical(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard Element.isFloatingPoint else { return true }
    let numbers = bytes.assumingMemoryBound(to: Element.self)
    var odd = 0
    for number in numbers { odd |= number.hasOneForm ? 0 : 1 }
    return odd == 0
  }

  func makeCanonical(_ bytes: UnsafeMutableRawBufferPointer) {
    for index in 0..<bytes.count / MemoryLayout<Element>.stride {
      let offset = index * MemoryLayout<Element>.stride
      if !bytes.loadUnaligned(fromByteOffset: offset, as: Element.self).hasOneForm {
        bytes.storeBytes(of: Element.canonicalNaN, toByteOffset: offset, as: Element.self)
      }
    }
  }
}

extension Data: PackedNumberStorage {
  var byteCount: Int { count }

  func withBytes(_ body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
    try withUnsafeBytes { try body($0) }
  }

  func isCanonical(_ bytes: UnsafeRawBufferPointer) -> Bool { true }
  func makeCanonical(_ bytes: UnsafeMutableRawBufferPointer) {}
}
