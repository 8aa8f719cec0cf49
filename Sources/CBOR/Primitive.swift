import Foundation

/// A value that is one CBOR item: whole numbers in the shortest form, floating-point numbers in the shortest exact
/// form, and all NaNs in one form.
protocol Primitive: Codable {
  func write(to writer: CBORWriter)
  /// - Throws: `CBORError` if the item at `offset` has another type, or a number is out of range.
  static func read(_ reader: CBORReader, at offset: Int) throws -> Self
}

extension Bool: Primitive {
  func write(to writer: CBORWriter) { writer.write(self ? CBORSimple.yes : CBORSimple.no) }

  static func read(_ reader: CBORReader, at offset: Int) throws -> Bool {
    switch try reader.byte(at: offset) {
    case CBORSimple.yes: true
    case CBORSimple.no: false
    default: throw try reader.mismatch("true or false", at: offset)
    }
  }
}

extension String: Primitive {
  func write(to writer: CBORWriter) { writer.write(text: self) }

  static func read(_ reader: CBORReader, at offset: Int) throws -> String {
    try reader.text(at: offset).string
  }
}

extension Primitive where Self: FixedWidthInteger {
  func write(to writer: CBORWriter) {
    if let natural = UInt64(exactly: self) {
      writer.write(CBORMajor.natural, natural)
    } else if self < 0, let distance = UInt64(exactly: ~self) {
      writer.write(CBORMajor.negative, distance)
    } else {
      let isNegative = self < 0
      writer.write(CBORMajor.tag, isNegative ? CBORTag.negative : CBORTag.natural)
      let bytes = withUnsafeBytes(of: (isNegative ? ~self : self).bigEndian) { Array($0.drop { $0 == 0 }) }
      writer.write(CBORMajor.bytes, UInt64(bytes.count))
      bytes.withUnsafeBytes { writer.write($0) }
    }
  }

  static func read(_ reader: CBORReader, at offset: Int) throws -> Self {
    let head = try reader.head(at: offset)
    let number: Self?
    switch head.major {
    case CBORMajor.natural: number = Self(exactly: head.argument)
    case CBORMajor.negative:
      // A negative number is encoded as -1 - n.
      number =
        Int64(exactly: head.argument).map { ~$0 }.map { Self(exactly: $0) } ?? big(head.argument, isNegative: true)
    case CBORMajor.tag where head.argument == CBORTag.natural || head.argument == CBORTag.negative:
      let bytes = try reader.bytes(at: head.end)
      guard bytes.count <= 16 else { throw CBORError("a whole number of more than 128 bits", at: offset) }
      var magnitude: UInt128 = 0
      for byte in bytes { magnitude = magnitude << 8 | UInt128(byte) }
      number = big(magnitude, isNegative: head.argument == CBORTag.negative)
    default: throw try reader.mismatch("a whole number", at: offset)
    }
    guard let number else { throw CBORError("the number does not fit \(Self.self)", at: offset) }
    return number
  }

  private static func big(_ magnitude: some BinaryInteger, isNegative: Bool) -> Self? {
    guard isNegative else { return Self(exactly: magnitude) }
    return Int128(exactly: magnitude).flatMap { Self(exactly: ~$0) }
  }
}

extension Int: Primitive {}
extension Int8: Primitive {}
extension Int16: Primitive {}
extension Int32: Primitive {}
extension Int64: Primitive {}
extension Int128: Primitive {}
extension UInt: Primitive {}
extension UInt8: Primitive {}
extension UInt16: Primitive {}
extension UInt32: Primitive {}
extension UInt64: Primitive {}
extension UInt128: Primitive {}

extension Double: Primitive {
  func write(to writer: CBORWriter) {
    let single = Float(self)
    if Double(single) == self || isNaN { return single.write(to: writer) }
    writer.write(CBORSimple.double, word: bitPattern)
  }

  static func read(_ reader: CBORReader, at offset: Int) throws -> Double {
    switch try reader.byte(at: offset) {
    case CBORSimple.double: return Double(bitPattern: try reader.word(at: offset + 1))
    case CBORSimple.single: return Double(Float(bitPattern: try reader.word(at: offset + 1)))
    case CBORSimple.half: return Double(Float16(bitPattern: try reader.word(at: offset + 1)))
    case let first where first < CBORMajor.bytes:
      // A whole number is accepted as a number too, as in JSON.
      return Double(try Int128.read(reader, at: offset))
    default: throw try reader.mismatch("a number", at: offset)
    }
  }
}

extension Float: Primitive {
  func write(to writer: CBORWriter) {
    let half = Float16(self)
    if isNaN {
      writer.write(CBORSimple.half, word: 0x7E00 as UInt16)
    } else if Float(half) == self {
      writer.write(CBORSimple.half, word: half.bitPattern)
    } else {
      writer.write(CBORSimple.single, word: bitPattern)
    }
  }

  static func read(_ reader: CBORReader, at offset: Int) throws -> Float {
    let number = try Double.read(reader, at: offset)
    let single = Float(number)
    if single.isInfinite, number.isFinite { throw CBORError("the number does not fit Float", at: offset) }
    return single
  }
}

extension Float16: Primitive {
  func write(to writer: CBORWriter) { Float(self).write(to: writer) }

  static func read(_ reader: CBORReader, at offset: Int) throws -> Float16 {
    let number = try Double.read(reader, at: offset)
    let half = Float16(number)
    if half.isInfinite, number.isFinite { throw CBORError("the number does not fit Float16", at: offset) }
    return half
  }
}
