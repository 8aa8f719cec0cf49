import Foundation

/// A field of a message: its number in the schema, and functions that read and write its value.
package struct ProtobufField<Message>: Sendable {
  let number: UInt64
  /// Reads a value of the given wire type into the message. Returns false without reading if the field never has that
  /// wire type.
  /// layout.
  let read: @Sendable (inout Message, ProtobufWireType, inout ProtobufReader) throws(ProtobufFailure) -> Bool
  let write: @Sendable (Message, inout ProtobufWriter) -> Void
}

extension ProtobufField {
  package typealias Path<Value> = WritableKeyPath<Message, Value> & Sendable

  package static func integer(_ number: UInt64, _ path: Path<Int64>) -> Self {
    scalar(number, path, .varint)
  }

  package static func integer(_ number: UInt64, _ path: Path<Int32>) -> Self {
    scalar(number, path, .varint)
  }

  package static func float(_ number: UInt64, _ path: Path<Float>) -> Self {
    scalar(number, path, .fixed)
  }

  package static func integers(_ number: UInt64, _ path: Path<[Int64]>) -> Self {
    scalars(number, path, .varint)
  }

  package static func integers(_ number: UInt64, _ path: Path<[Int32]>) -> Self {
    scalars(number, path, .varint)
  }

  package static func floats(_ number: UInt64, _ path: Path<[Float]>) -> Self {
    scalars(number, path, .fixed)
  }

  package static func doubles(_ number: UInt64, _ path: Path<[Double]>) -> Self {
    scalars(number, path, .fixed)
  }

  package static func text(_ number: UInt64, _ path: Path<String>) -> Self {
    delimited(number) { message, reader throws(ProtobufFailure) in
      message[keyPath: path] = try reader.text()
    } payloads: { message in
      message[keyPath: path].isEmpty ? [] : [Data(message[keyPath: path].utf8)]
    }
  }

  package static func texts(_ number: UInt64, _ path: Path<[String]>) -> Self {
    delimited(number) { message, reader throws(ProtobufFailure) in
      message[keyPath: path].append(try reader.text())
    } payloads: { message in
      message[keyPath: path].map { Data($0.utf8) }
    }
  }

  package static func bytes(_ number: UInt64, _ path: Path<Data>) -> Self {
    delimited(number) { message, reader throws(ProtobufFailure) in
      message[keyPath: path] = try reader.payload()
    } payloads: { message in
      message[keyPath: path].isEmpty ? [] : [message[keyPath: path]]
    }
  }

  package static func byteStrings(_ number: UInt64, _ path: Path<[Data]>) -> Self {
    delimited(number) { message, reader throws(ProtobufFailure) in
      message[keyPath: path].append(try reader.payload())
    } payloads: { message in
      message[keyPath: path]
    }
  }

  package static func message<Value: ProtobufMessage>(_ number: UInt64, _ path: Path<Value?>) -> Self {
    delimited(number) { message, reader throws(ProtobufFailure) in
      var value = message[keyPath: path] ?? Value()
      try reader.nested { inner throws(ProtobufFailure) in try value.read(from: &inner) }
      message[keyPath: path] = value
    } payloads: { message in
      message[keyPath: path].map { [$0.encoded()] } ?? []
    }
  }

  package static func messages<Value: ProtobufMessage>(_ number: UInt64, _ path: Path<[Value]>) -> Self {
    delimited(number) { message, reader throws(ProtobufFailure) in
      var value = Value()
      try reader.nested { inner throws(ProtobufFailure) in try value.read(from: &inner) }
      message[keyPath: path].append(value)
    } payloads: { message in
      message[keyPath: path].map { $0.encoded() }
    }
  }

  // MARK: Kinds of fields

  private static func scalar<Value>(_ number: UInt64, _ path: Path<Value>, _ layout: ProtobufNumber<Value>) -> Self {
    Self(number: number) { message, type, reader throws(ProtobufFailure) in
      guard type == layout.type else { return false }
      message[keyPath: path] = try layout.read(&reader)
      return true
    } write: { message, writer in
      guard !layout.isZero(message[keyPath: path]) else { return }
      writer.tag(number, layout.type)
      layout.write(message[keyPath: path], &writer)
    }
  }

  /// Packed numbers after their length in bytes, or numbers with a tag each. Both forms are read, and the packed form
  /// is written.
  private static func scalars<Value>(_ number: UInt64, _ path: Path<[Value]>, _ layout: ProtobufNumber<Value>) -> Self {
    Self(number: number) { message, type, reader throws(ProtobufFailure) in
      if type == layout.type {
        message[keyPath: path].append(try layout.read(&reader))
      } else if type == .lengthDelimited {
        var values: [Value] = []
        try reader.nested { inner throws(ProtobufFailure) in
          while !inner.isAtEnd { values.append(try layout.read(&inner)) }
        }
        message[keyPath: path] += values
      } else {
        return false
      }
      return true
    } write: { message, writer in
      guard !message[keyPath: path].isEmpty else { return }
      var inner = ProtobufWriter()
      for value in message[keyPath: path] { layout.write(value, &inner) }
      writer.tag(number, .lengthDelimited)
      writer.payload(inner.content)
    }
  }

  /// A field of values with a length prefix.
  private static func delimited(
    _ number: UInt64,
    read: @escaping @Sendable (inout Message, inout ProtobufReader) throws(ProtobufFailure) -> Void,
    payloads: @escaping @Sendable (Message) -> [Data]
  ) -> Self {
    Self(number: number) { message, type, reader throws(ProtobufFailure) in
      guard type == .lengthDelimited else { return false }
      try read(&message, &reader)
      return true
    } write: { message, writer in
      for payload in payloads(message) {
        writer.tag(number, .lengthDelimited)
        writer.payload(payload)
      }
    }
  }
}

/// The wire type of a number, and its conversion in both directions.
private struct ProtobufNumber<Value: Sendable>: Sendable {
  let type: ProtobufWireType
  let read: @Sendable (inout ProtobufReader) throws(ProtobufFailure) -> Value
  let write: @Sendable (Value, inout ProtobufWriter) -> Void
  let isZero: @Sendable (Value) -> Bool
}

extension ProtobufNumber<Int64> {
  static var varint: Self {
    Self(type: .varint) { reader throws(ProtobufFailure) in
      Int64(bitPattern: try reader.varint())
    } write: { value, writer in
      writer.varint(UInt64(bitPattern: value))
    } isZero: {
      $0 == 0
    }
  }
}

extension ProtobufNumber<Int32> {
  /// A variable-length integer. Negative numbers take the ten bytes of an `Int64`.
  static var varint: Self {
    Self(type: .varint) { reader throws(ProtobufFailure) in
      Int32(truncatingIfNeeded: try reader.varint())
    } write: { value, writer in
      writer.varint(UInt64(bitPattern: Int64(value)))
    } isZero: {
      $0 == 0
    }
  }
}

extension ProtobufNumber<Float> {
  static var fixed: Self {
    Self(type: .fixed32) { reader throws(ProtobufFailure) in
      Float(bitPattern: try reader.fixed(UInt32.self))
    } write: { value, writer in
      writer.fixed(value.bitPattern)
    } isZero: {
      $0.bitPattern == 0
    }
  }
}

extension ProtobufNumber<Double> {
  static var fixed: Self {
    Self(type: .fixed64) { reader throws(ProtobufFailure) in
      Double(bitPattern: try reader.fixed(UInt64.self))
    } write: { value, writer in
      writer.fixed(value.bitPattern)
    } isZero: {
      $0.bitPattern == 0
    }
  }
}
