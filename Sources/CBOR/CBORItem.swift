import Foundation

/// A CBOR value without the Swift type that it was written from, for comparing and displaying values.
public enum CBORItem: Hashable, Sendable {
  case null
  case bool(Bool)
  case integer(Int128)
  case number(Double)
  case text(String)
  case bytes(Data)
  case numbers(CBORNumbers)
  case list([CBORItem])
  case map([String: CBORItem])

  /// Reads untrusted bytes.
  /// - Throws: `DecodingError` if `CBOREncoder` could not have written them.
  public init(_ data: Data) throws {
    do {
      self = try data.withUnsafeBytes { bytes in
        let reader = CBORReader(bytes: bytes)
        let head = try reader.head(at: 0)
        var offset = head.major == CBORMajor.tag && head.argument == CBORTag.selfDescribed ? head.end : 0
        let item = try Self.read(reader, &offset, depth: 0)
        if offset < bytes.count { throw CBORError("the value is followed by more bytes", at: offset) }
        return item
      }
    } catch let error as CBORError {
      throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: error.description))
    }
  }

  /// Whether these bytes are marked as CBOR.
  public static func isMarked(_ data: Data) -> Bool { data.starts(with: [0xD9, 0xD9, 0xF7]) }

  private static func read(_ reader: CBORReader, _ offset: inout Int, depth: Int) throws -> CBORItem {
    guard depth <= CBORLimit.depth else {
      throw CBORError("values are nested more than \(CBORLimit.depth) levels deep", at: offset)
    }
    let start = offset
    let first = try reader.byte(at: start)
    switch first & 0xE0 {
    case CBORMajor.array:
      let head = try reader.head(at: start)
      let count = try reader.count(head, size: 1)
      offset = head.end
      var list: [CBORItem] = []
      for _ in 0..<count { list.append(try read(reader, &offset, depth: depth + 1)) }
      return .list(list)
    case CBORMajor.map:
      let head = try reader.head(at: start)
      let count = try reader.count(head, size: 2)
      offset = head.end
      var map: [String: CBORItem] = [:]
      for _ in 0..<count {
        let key = try reader.text(at: offset)
        offset = key.end
        map[try key.string] = try read(reader, &offset, depth: depth + 1)
      }
      return .map(map)
    default:
      offset = try reader.end(of: start)
      return try leaf(reader, start, first)
    }
  }

  private static func leaf(_ reader: CBORReader, _ start: Int, _ first: UInt8) throws -> CBORItem {
    switch first & 0xE0 {
    case CBORMajor.text: return .text(try reader.text(at: start).string)
    case CBORMajor.bytes: return .bytes(Data(try reader.bytes(at: start)))
    case CBORMajor.simple:
      switch first {
      case CBORSimple.null: return .null
      case CBORSimple.yes, CBORSimple.no: return .bool(first == CBORSimple.yes)
      default: return .number(try Double.read(reader, at: start))
      }
    case CBORMajor.tag:
      if let (tag, bytes) = try reader.numbers(at: start), let numbers = CBORNumbers(tag: tag, data: Data(bytes)) {
        return .numbers(numbers)
      }
      fallthrough
    default: return .integer(try Int128.read(reader, at: start))
    }
  }
}

/// A typed array: packed numbers of one type.
public struct CBORNumbers: Hashable, Sendable, RandomAccessCollection {
  let tag: UInt64
  /// The numbers as little-endian bytes.
  public let data: Data
  private let size: Int
  public let isFloatingPoint: Bool

  init?(tag: UInt64, data: Data) {
    guard let type = PackedElements.type(tag) else { return nil }
    func describe<Element: PackedElement>(_ type: Element.Type) -> (size: Int, isFloatingPoint: Bool) {
      (MemoryLayout<Element>.stride, Element.isFloatingPoint)
    }
    (size, isFloatingPoint) = describe(type)
    guard data.count.isMultiple(of: size) else { return nil }
    self.tag = tag
    self.data = data
  }

  /// Single- or double-precision numbers; nil if the bytes end within a number.
  public init?(floatingPointBits bits: Int, _ data: Data) {
    self.init(tag: bits == 32 ? Float.tag : Double.tag, data: data)
  }

  /// Other bytes as numbers of the same type; nil if the bytes end within a number.
  public func sameType(_ data: Data) -> CBORNumbers? { CBORNumbers(tag: tag, data: data) }

  public var startIndex: Int { 0 }
  public var endIndex: Int { data.count / size }

  public subscript(position: Int) -> CBORItem {
    data.withUnsafeBytes { bytes in
      func load<Element: PackedElement>(_ type: Element.Type) -> Element {
        bytes.loadUnaligned(fromByteOffset: position * MemoryLayout<Element>.stride, as: type)
      }
      return switch tag {
      case Double.tag: .number(load(Double.self))
      case Float.tag: .number(Double(load(Float.self)))
      case Float16.tag: .number(Double(load(Float16.self)))
      case Int8.tag: .integer(Int128(load(Int8.self)))
      case Int16.tag: .integer(Int128(load(Int16.self)))
      case Int32.tag: .integer(Int128(load(Int32.self)))
      case Int64.tag: .integer(Int128(load(Int64.self)))
      case UInt8.tag: .integer(Int128(load(UInt8.self)))
      case UInt16.tag: .integer(Int128(load(UInt16.self)))
      case UInt32.tag: .integer(Int128(load(UInt32.self)))
      default: .integer(Int128(load(UInt64.self)))
      }
    }
  }
}
