import Foundation

/// Reads items from untrusted bytes: nothing is read beyond their end, and every length is compared with the number
/// of remaining bytes.
struct CBORReader {
  let bytes: UnsafeRawBufferPointer
  /// A local copy of the pointer `shortLengths`.
  private let lengths: UnsafePointer<UInt8>

  init(bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
    lengths = Self.shortLengths
  }

  static var empty: CBORReader { CBORReader(bytes: UnsafeRawBufferPointer(start: nil, count: 0)) }

  struct Head {
    var major: UInt8
    var argument: UInt64
    /// The offset after the head.
    var end: Int
  }

  @inline(__always)
  func byte(at offset: Int) throws -> UInt8 {
    guard offset < bytes.count else { throw CBORError("the bytes end too early", at: offset) }
    return bytes[offset]
  }

  @inline(__always)
  func word<Word: FixedWidthInteger>(at offset: Int) throws -> Word {
    guard bytes.count - offset >= MemoryLayout<Word>.size else {
      throw CBORError("the bytes end too early", at: offset)
    }
    return Word(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Word.self))
  }

  /// The head of an item that is not a floating-point number.
  @inline(__always)
  func head(at offset: Int) throws -> Head {
    let first = try byte(at: offset)
    let major = first & 0xE0
    let rest = first & 0x1F
    if rest < 24 { return Head(major: major, argument: UInt64(rest), end: offset + 1) }
    switch rest {
    case 24: return Head(major: major, argument: UInt64(try word(at: offset + 1) as UInt8), end: offset + 2)
    case 25: return Head(major: major, argument: UInt64(try word(at: offset + 1) as UInt16), end: offset + 3)
    case 26: return Head(major: major, argument: UInt64(try word(at: offset + 1) as UInt32), end: offset + 5)
    case 27: return Head(major: major, argument: try word(at: offset + 1), end: offset + 9)
    default: throw CBORError("this is not CBOR of definite length", at: offset)
    }
  }

  /// A count of items, each of which takes at least `size` bytes.
  @inline(__always)
  func count(_ head: Head, size: Int) throws -> Int {
    guard head.argument <= UInt64((bytes.count - head.end) / size) else {
      throw CBORError("\(head.argument) items don't fit into the remaining bytes", at: head.end)
    }
    return Int(head.argument)
  }

  /// The content of a byte string.
  func bytes(at offset: Int) throws -> UnsafeRawBufferPointer {
    let head = try head(at: offset)
    guard head.major == CBORMajor.bytes else { throw try mismatch("bytes", at: offset) }
    return UnsafeRawBufferPointer(rebasing: bytes[head.end..<head.end + (try count(head, size: 1))])
  }

  struct Text {
    var reader: CBORReader
    var start: Int
    var count: Int
    var end: Int { start + count }

    var string: String {
      get throws {
        let part = UnsafeRawBufferPointer(rebasing: reader.bytes[start..<start + count])
        // `String(validating:)` is generic, and its overhead is larger than the time for a short text.
        if count < 16, Self.isASCII(part) {
          return String(unsafeUninitializedCapacity: count) { memory in
            UnsafeMutableRawBufferPointer(memory).copyMemory(from: part)
            return part.count
          }
        }
        guard let string = String(validating: part.assumingMemoryBound(to: UInt8.self), as: UTF8.self) else {
          throw CBORError("the text is not UTF-8", at: start)
        }
        return string
      }
    }

    @inline(__always)
    private static func isASCII(_ bytes: UnsafeRawBufferPointer) -> Bool {
      var all: UInt8 = 0
      for byte in bytes { all |= byte }
      return all < 0x80
    }
  }

  @inline(__always)
  func text(at offset: Int) throws -> Text {
    let head = try head(at: offset)
    guard head.major == CBORMajor.text else { throw try mismatch("text", at: offset) }
    return Text(reader: self, start: head.end, count: try count(head, size: 1))
  }

  /// A typed array's type and bytes; nil if the item is something else.
  func numbers(at offset: Int) throws -> (tag: UInt64, bytes: UnsafeRawBufferPointer)? {
    guard try byte(at: offset) & 0xE0 == CBORMajor.tag else { return nil }
    let head = try head(at: offset)
    guard (64...86).contains(head.argument), let type = PackedElements.type(head.argument) else { return nil }
    let content = try bytes(at: head.end)
    func size<Element: PackedElement>(_ type: Element.Type) -> Int { MemoryLayout<Element>.stride }
    guard content.count.isMultiple(of: size(type)) else {
      throw CBORError("\(content.count) bytes are not a multiple of \(size(type)) bytes", at: offset)
    }
    return (head.argument, content)
  }

  /// Whether `count` bytes at two positions are equal.
  @inline(__always)
  func areEqual(_ left: Int, _ right: Int, count: Int) -> Bool {
    let first = max(left, right)
    guard let base = bytes.baseAddress, bytes.count - first >= count else { return false }
    if count <= 8, bytes.count - first >= 8 {
      let difference =
        base.loadUnaligned(fromByteOffset: left, as: UInt64.self)
        ^ base.loadUnaligned(fromByteOffset: right, as: UInt64.self)
      return UInt64(littleEndian: difference) << UInt64(64 - 8 * count) == 0
    }
    return memcmp(base + left, base + right, count) == 0
  }

  func isNull(at offset: Int) throws -> Bool { try byte(at: offset) == CBORSimple.null }

  /// The end of the item that begins at `offset`.
  @inline(__always)
  func end(of offset: Int) throws -> Int {
    let length = try shortLength(at: offset)
    return length > 0 ? offset + length : try endOfLong(offset)
  }

  /// The length of an item that its first byte determines, or 0.
  @inline(__always)
  private func shortLength(at offset: Int) throws -> Int {
    let length = Int(lengths[Int(try byte(at: offset))])
    guard bytes.count - offset >= length else { throw CBORError("the bytes end too early", at: offset) }
    return length
  }

  /// The lengths of items by their first byte; 0 if the first byte doesn't determine the length.
  private nonisolated(unsafe) static let shortLengths: UnsafePointer<UInt8> = {
    let lengths = UnsafeMutablePointer<UInt8>.allocate(capacity: 256)
    lengths.initialize(repeating: 0, count: 256)
    for rest in 0..<24 {
      for major in [CBORMajor.natural, CBORMajor.negative] { lengths[Int(major) + rest] = 1 }
      for major in [CBORMajor.bytes, CBORMajor.text] { lengths[Int(major) + rest] = UInt8(1 + rest) }
    }
    for size in 0..<4 {
      for major in [CBORMajor.natural, CBORMajor.negative] { lengths[Int(major) + 24 + size] = UInt8(1 + 1 << size) }
    }
    for first in [CBORMajor.array, CBORMajor.map, CBORSimple.no, CBORSimple.yes, CBORSimple.null] {
      lengths[Int(first)] = 1
    }
    lengths[Int(CBORSimple.half)] = 3
    lengths[Int(CBORSimple.single)] = 5
    lengths[Int(CBORSimple.double)] = 9
    return UnsafePointer(lengths)
  }()

  @inline(never)
  private func endOfLong(_ offset: Int) throws -> Int {
    var offset = offset
    var open = 1
    while open > 0 {
      open -= 1
      let length = try shortLength(at: offset)
      if length > 0 {
        offset += length
        continue
      }
      guard try byte(at: offset) < CBORMajor.simple else {
        throw CBORError("this is not a value that Labbook writes", at: offset)
      }
      let head = try head(at: offset)
      offset = head.end
      switch head.major {
      case CBORMajor.bytes, CBORMajor.text: offset += try count(head, size: 1)
      case CBORMajor.array: open += try count(head, size: 1)
      case CBORMajor.map: open += 2 * (try count(head, size: 2))
      case CBORMajor.tag: open += 1
      default: break
      }
      guard open <= bytes.count - offset else { throw CBORError("the bytes end too early", at: offset) }
    }
    return offset
  }

  /// The error that the item at `offset` has another type than requested.
  func mismatch(_ wanted: String, at offset: Int) throws -> CBORError {
    let found =
      switch try byte(at: offset) {
      case CBORSimple.null: "null"
      case CBORSimple.no, CBORSimple.yes: "true or false"
      case CBORSimple.half, CBORSimple.single, CBORSimple.double: "a floating-point number"
      case let first:
        switch first & 0xE0 {
        case CBORMajor.natural, CBORMajor.negative: "a whole number"
        case CBORMajor.bytes: "bytes"
        case CBORMajor.text: "text"
        case CBORMajor.array: "a list"
        case CBORMajor.map: "a map"
        default: (64...87).contains(try head(at: offset).argument) ? "a list of numbers" : "something else"
        }
      }
    return CBORError("\(wanted) was expected, but found \(found)", at: offset, isMismatch: true)
  }
}
