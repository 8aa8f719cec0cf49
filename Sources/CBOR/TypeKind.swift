import Foundation

/// The way in which values of a type are written and read.
enum TypeKind {
  /// A value that its own `encode(to:)` and `init(from:)` encode and decode.
  case custom
  case primitive(any Primitive.Type)
  /// An array of numbers.
  case numbers(any PackedElement.Type)
  /// Any other array.
  case array(any AnyArray.Type)
  case data, url, decimal
  /// A set or dictionary whose `encode(to:)` writes a list in arbitrary order; `group` items form one element.
  case unordered(group: Int)

  init<Value>(of type: Value.Type) {
    if let type = type as? any Primitive.Type {
      self = .primitive(type)
    } else if let type = type as? any AnyNumberArray.Type {
      self = .numbers(type.numbers)
    } else if let type = type as? any AnyArray.Type {
      self = .array(type)
    } else if type is any AnySet.Type {
      self = .unordered(group: 1)
    } else if let type = type as? any AnyDictionary.Type, !type.hasNamedKeys {
      self = .unordered(group: 2)
    } else {
      switch type {
      case is Data.Type: self = .data
      case is URL.Type: self = .url
      case is Decimal.Type: self = .decimal
      default: self = .custom
      }
    }
  }
}

/// Caches the kinds of types, because a runtime lookup takes longer than writing a small value.
final class TypeKinds {
  private struct Slot {
    var type: ObjectIdentifier?
    var kind = TypeKind.custom
  }

  private static let count = 128
  private let slots: UnsafeMutablePointer<Slot>

  init() {
    slots = .allocate(capacity: Self.count)
    slots.initialize(repeating: Slot(), count: Self.count)
  }

  deinit {
    slots.deinitialize(count: Self.count)
    slots.deallocate()
  }

  @inline(__always)
  func kind<Value>(of type: Value.Type) -> TypeKind {
    let id = ObjectIdentifier(type)
    let address = UInt(bitPattern: id)
    let slot = slots + Int((address >> 4 ^ address >> 11) & UInt(Self.count - 1))
    if slot.pointee.type == id { return slot.pointee.kind }
    slot.pointee = Slot(type: id, kind: TypeKind(of: type))
    return slot.pointee.kind
  }
}

protocol AnyNumberArray {
  static var numbers: any PackedElement.Type { get }
}

extension Array: AnyNumberArray where Element: PackedElement {
  static var numbers: any PackedElement.Type { Element.self }
}

/// An array whose elements are written and read one after the other, without the containers of its own `Codable`
/// implementation.
protocol AnyArray: Codable {
  func write(to frame: EncodingFrame) throws
  static func read(_ container: inout UnkeyedReader) throws -> Self
}

extension Array: AnyArray where Element: Codable {
  func write(to frame: EncodingFrame) throws {
    let container = frame.list(of: count)
    for element in self {
      try container.encode(element)
      if frame.writer.isLong { try frame.writer.handOverFinalBytes() }
    }
  }

  static func read(_ container: inout UnkeyedReader) throws -> [Element] {
    try container.readAll(Element.self)
  }
}

protocol AnySet {}
extension Set: AnySet {}

protocol AnyDictionary {
  /// Whether it is written as a map.
  static var hasNamedKeys: Bool { get }
}

extension Dictionary: AnyDictionary {
  static var hasNamedKeys: Bool { Key.self is any CodingKeyRepresentable.Type }
}

extension TypeKind {
  /// Casts a value of generic type to the type that it is known to have.
  @inline(__always)
  static func cast<Value, Known>(_ value: Value, to type: Known.Type) -> Known {
    // This replaces `as!`, whose runtime lookup takes longer than writing the value. The table has already compared
    // the types.
    withUnsafeBytes(of: value) { $0.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: Known.self).pointee }
  }
}
