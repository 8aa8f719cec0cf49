import Foundation

extension DecodingFrame {
  @inline(__always)
  func read<Value: Primitive>(
    _ type: Value.Type, at offset: Int, _ key: @autoclosure () -> (any CodingKey)?
  ) throws -> Value {
    do {
      return try Value.read(reader, at: offset)
    } catch {
      throw located(error, type, at: offset, key())
    }
  }

  /// Reads the value at `offset`, and its end if it becomes known.
  @inline(__always)
  func read<Value: Decodable>(
    _ type: Value.Type, at offset: Int, _ step: @autoclosure () -> CodingStep, end: inout Int?
  ) throws -> Value {
    let kind = source.kinds.kind(of: type)
    if case .custom = kind { return try custom(type, at: offset, step(), end: &end) }
    return try read(type, as: kind, at: offset, step(), end: &end)
  }

  /// Decodes a value by its own `init(from:)`.
  @inline(__always)
  func custom<Value: Decodable>(
    _ type: Value.Type, at offset: Int, _ step: @autoclosure () -> CodingStep, end: inout Int?
  ) throws -> Value {
    let frame: DecodingFrame
    do {
      frame = try source.frame(at: offset, depth: depth + 1, step())
    } catch {
      throw located(error, type, path: path(to: step().key))
    }
    let value = try Value(from: frame)
    end = frame.entries.pointee.end
    return value
  }

  private func read<Value: Decodable>(
    _ type: Value.Type, as kind: TypeKind, at offset: Int, _ step: @autoclosure () -> CodingStep, end: inout Int?
  ) throws -> Value {
    switch kind {
    case .primitive(let known): return try read(type, as: known, at: offset, step().key)
    case .numbers(let element):
      if let array = try checked(path(to: step().key), type, { try numbers(type, of: element, at: offset) }) {
        return array
      }
    case .data:
      return try checked(path(to: step().key), type) { TypeKind.cast(Data(try reader.bytes(at: offset)), to: type) }
    case .url:
      let text = try read(String.self, at: offset, step().key)
      guard let url = URL(string: text) else { throw corrupted("\"\(text)\" is not a URL", path(to: step().key)) }
      return TypeKind.cast(url, to: type)
    case .decimal:
      let text = try read(String.self, at: offset, step().key)
      // `Decimal` would accept a text that only begins with a number.
      let isNumber = text.wholeMatch(of: /[-+]?\d+(\.\d*)?([eE][-+]?\d+)?/) != nil
      guard
        let number = text == "NaN"
          ? .nan : isNumber ? Decimal(string: text, locale: Locale(identifier: "en_US_POSIX")) : nil
      else {
        throw corrupted("\"\(text)\" is not a number", path(to: step().key))
      }
      return TypeKind.cast(number, to: type)
    case .array(let known):
      let frame = try checked(path(to: step().key), type) {
        try source.frame(at: offset, depth: depth + 1, step())
      }
      let array = try array(type, as: known, in: frame)
      end = frame.entries.pointee.end
      return array
    case .custom, .unordered: break
    }
    return try custom(type, at: offset, step(), end: &end)
  }

  @inline(__always)
  private func read<Value>(
    _ type: Value.Type, as known: any Primitive.Type, at offset: Int, _ key: @autoclosure () -> (any CodingKey)?
  ) throws -> Value {
    func read<Known: Primitive>(_ known: Known.Type) throws -> Value {
      TypeKind.cast(try self.read(known, at: offset, key()), to: type)
    }
    return try read(known)
  }

  private func numbers<Value>(_ type: Value.Type, of element: any PackedElement.Type, at offset: Int) throws -> Value? {
    guard let (tag, bytes) = try reader.numbers(at: offset) else { return nil }
    func read<Element: PackedElement>(_ element: Element.Type) -> Value? {
      // Numbers of another type are converted one by one.
      guard Element.tag == tag else { return nil }
      let count = bytes.count / MemoryLayout<Element>.stride
      let array = [Element](unsafeUninitializedCapacity: count) { memory, initialized in
        copy(bytes, to: UnsafeMutableRawBufferPointer(memory))
        initialized = count
      }
      return TypeKind.cast(array, to: type)
    }
    return read(element)
  }

  /// Copies bytes of the input part by part, and releases each.
  private func copy(_ bytes: UnsafeRawBufferPointer, to memory: UnsafeMutableRawBufferPointer) {
    guard let first = reader.bytes.baseAddress, let source = bytes.baseAddress else { return }
    for start in stride(from: 0, to: bytes.count, by: DecodingSource.partSize) {
      let end = min(start + DecodingSource.partSize, bytes.count)
      UnsafeMutableRawBufferPointer(rebasing: memory[start..<end]).copyMemory(
        from: UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
      self.source.release(upTo: source - first + end)
    }
  }

  private func array<Value>(_ type: Value.Type, as known: any AnyArray.Type, in frame: DecodingFrame) throws -> Value {
    func read<Known: AnyArray>(_ known: Known.Type) throws -> Value {
      var container = try frame.list()
      let array = try Known.read(&container)
      frame.entries.pointee.end = container.endOfItems
      return TypeKind.cast(array, to: type)
    }
    return try read(known)
  }
}
