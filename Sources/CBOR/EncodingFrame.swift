import Foundation

/// The encoder of one value, and the container that the value requested.
///
/// Nested containers are written into the same bytes. A container that stays open while its outer one continues, as
/// `nestedContainer` allows, is moved to bytes of its own and inserted when it is closed.
final class EncodingFrame: Encoder {
  enum Content {
    case none, keyed, list, single
  }

  /// The same object as `owner`, without reference counting of each access.
  unowned(unsafe) private(set) var writer: CBORWriter
  var owner: CBORWriter {
    didSet { writer = owner }
  }
  var content = Content.none
  var isClosed = false
  var isTooDeep = false
  /// Whether what has been written of the container never changes: it is a list whose length was known in advance, or
  /// the whole value.
  var isFinal = false
  /// The index in the writer's stack.
  var level: Int
  var start: Int
  var firstEntry: Int
  /// The number of externals before the container.
  var firstExternal: Int
  /// The number of entries so far.
  fileprivate(set) var count = 0
  /// The number of entries of a list that belong together and are ordered by their bytes; 0 keeps the order.
  var group = 0
  var step = CodingStep.whole
  var kept = KeptContainer<EncodingFrame>()
  let keys: UnsafeMutablePointer<KeyMemo>
  var detached: [(offset: Int, entries: Int, frame: EncodingFrame)] = []

  init(_ writer: CBORWriter, level: Int) {
    owner = writer
    self.writer = writer
    self.level = level
    start = writer.count
    firstEntry = writer.entries.count
    firstExternal = writer.externals.count
    keys = .allocate(capacity: 1)
    keys.initialize(to: KeyMemo())
  }

  deinit {
    keys.pointee.deallocate()
    keys.deallocate()
  }

  var userInfo: [CodingUserInfoKey: Any] { writer.userInfo }

  var codingPath: [any CodingKey] {
    writer.outerPath + writer.stack[..<min(level + 1, writer.stack.count)].compactMap { $0?.step.key }
  }

  // MARK: Containers

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    open(.keyed)
    guard let kept = kept.take(keyedBy: ObjectIdentifier(type)) else { return newContainer(keyedBy: type) }
    return unsafeBitCast(kept, to: KeyedEncodingContainer<Key>.self)
  }

  @inline(never)
  private func newContainer<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    keys.pointee.expect(type)
    let owner = KeptContainer<EncodingFrame>.Owner()
    let made = KeyedEncodingContainer(KeyedWriter<Key>(self, owner))
    let isForReuse = level < writer.stack.count && writer.stack[level] === self
    kept.keep(made, keyedBy: ObjectIdentifier(type), owner, self, isForReuse: isForReuse)
    return made
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer { list() }

  func singleValueContainer() -> any SingleValueEncodingContainer {
    open(.single)
    return SingleWriter(frame: self)
  }

  @inline(__always)
  func list() -> UnkeyedWriter {
    open(.list)
    return UnkeyedWriter(frame: self)
  }

  /// The container of a list of known length, to which exactly `count` elements are then written.
  func list(of count: Int) -> UnkeyedWriter {
    guard content == .none, !isClosed, group == 0 else { return list() }
    content = .list
    isFinal = true
    writer.write(CBORMajor.array, UInt64(count))
    return UnkeyedWriter(frame: self)
  }

  @inline(__always)
  func open(_ wanted: Content) {
    // The first container that a value requests is its container; a second one of another kind throws when it is
    // used.
    guard content == .none, !isClosed else { return }
    content = wanted
    if wanted != .single { writer.write(0 as UInt8) }
  }

  // MARK: Entries

  /// Makes this the innermost container, before its next entry.
  /// - Returns: The start of the entry, relative to the start of the container.
  @inline(__always)
  @discardableResult
  func begin(_ wanted: Content) throws -> Int {
    if isClosed || content != wanted || wanted == .single && count > 0 { throw misuse() }
    return Unmanaged.passUnretained(writer)._withUnsafeGuaranteedRef { writer in
      if writer.depth != level + 1 { writer.settle(level) }
      if wanted == .keyed || group > 0 { writer.entries.append(writer.count) }
      count += 1
      return writer.count - start
    }
  }

  private func misuse() -> EncodingError {
    .invalidValue(
      self,
      .init(
        codingPath: codingPath,
        debugDescription: isTooDeep
          ? "values are nested more than \(CBORLimit.depth) levels deep"
          : isClosed
            ? "a container was used after its value was written" : "a value requested containers of several kinds"))
  }

  /// Removes the last entry, which failed.
  func undo(at offset: Int) {
    // Nothing can be removed of bytes that were handed over. The error then ends the whole value.
    if isClosed || isFinal && writer.hasHandedOver { return }
    keys.pointee.giveUp()
    let offset = start + offset
    // Its containers are removed with it, unless this one has been moved.
    if writer.depth > level + 1 { writer.drop(to: level + 1) }
    for part in detached where part.offset >= offset { part.frame.writer.finish() }
    detached.removeAll { $0.offset >= offset }
    count -= 1
    if content == .keyed || group > 0 {
      writer.entries.removeSubrange(min(writer.entries.count, firstEntry + count)...)
    }
    // Bytes that were set aside lie at the start of a single value.
    writer.truncate(to: offset, externals: content == .single ? firstExternal : .max)
  }

  /// Writes an entry's value, after its key.
  func write<Value: Encodable>(
    _ value: Value, from offset: Int, _ step: @autoclosure () -> CodingStep
  ) throws {
    switch writer.kinds.kind(of: Value.self) {
    case .primitive(let type): TypeKind.write(value, as: type, to: writer)
    case .numbers(let type): TypeKind.write(value, arrayOf: type, to: writer)
    case .data: writer.write(bytes: TypeKind.cast(value, to: Data.self))
    case .url: writer.write(text: TypeKind.cast(value, to: URL.self).absoluteString)
    case .decimal: writer.write(text: "\(TypeKind.cast(value, to: Decimal.self))")
    case .custom: try encode(value, from: offset, step()) { try value.encode(to: $0) }
    case .array(let type):
      try encode(value, from: offset, step()) { try TypeKind.write(value, as: type, to: $0) }
    case .unordered(let group):
      writer.sortedDepth += 1
      let writer = writer
      defer { writer.sortedDepth -= 1 }
      try encode(value, from: offset, step(), group: group) { try value.encode(to: $0) }
    }
  }

  @inline(__always)
  private func encode<Value>(
    _ value: Value, from offset: Int, _ step: CodingStep, group: Int = 0, by write: (EncodingFrame) throws -> Void
  ) throws {
    guard hasRoomInside else {
      undo(at: offset)
      isTooDeep = true
      throw misuse()
    }
    let frame = writer.push(step)
    frame.group = group
    do {
      try write(frame)
      frame.close()
    } catch {
      frame.isClosed = true
      undo(at: offset)
      throw error
    }
  }

  /// Ends the value. No entries can be added afterwards.
  func close() {
    if isClosed { return }
    isClosed = true
    while writer.depth > level + 1 { writer.stack[writer.depth - 1]?.close() }
    for part in detached.reversed() {
      part.frame.close()
      let other = part.frame.writer
      writer.insert(other, at: part.offset)
      other.finish()
      let first = firstEntry + part.entries
      if first < writer.entries.count, content == .keyed || group > 0 {
        for index in first..<writer.entries.count { writer.entries[index] += other.count }
      }
    }
    detached = []
    switch content {
    case .keyed: writer.close(CBORMajor.map, count: writer.sortEntries(from: firstEntry, keys), at: start)
    case .list where isFinal: break
    case .list:
      if group > 0 { count = writer.sortEntries(from: firstEntry, group: group, keyed: false) }
      writer.close(CBORMajor.array, count: count, at: start)
    case .single where count > 0: break
    case .single, .none: writer.write(CBORMajor.map, 0)
    }
    while writer.entries.count > firstEntry { writer.entries.removeLast() }
    writer.depth = level
  }

  // MARK: Containers inside this one

  func nested(_ key: any CodingKey, begin: () throws -> Int) -> EncodingFrame {
    if hasRoomInside, (try? begin()) != nil { return writer.push(.key(key)) }
    // These functions can't throw, so that errors are thrown when the container is used.
    let frame = EncodingFrame(CBORWriter(userInfo: userInfo, outerPath: codingPath + [key]), level: 0)
    frame.isClosed = true
    frame.isTooDeep = !hasRoomInside
    return frame
  }

  private var hasRoomInside: Bool { writer.outerDepth + writer.depth < CBORLimit.depth }
}

extension CBORWriter {
  /// The frame of a value in the innermost container.
  @inline(__always)
  func push(_ step: CodingStep) -> EncodingFrame {
    defer { depth += 1 }
    if depth == stack.count { stack.append(nil) }
    if hasFreeFrame(at: depth), let frame = stack[depth] {
      frame.content = .none
      frame.isClosed = false
      frame.isTooDeep = false
      frame.isFinal = false
      frame.start = count
      frame.firstEntry = entries.count
      frame.firstExternal = externals.count
      frame.count = 0
      frame.group = 0
      frame.step = step
      frame.keys.pointee.restart()
      return frame
    }
    // The last frame of this depth is still held.
    if let last = stack[depth] { last.kept.letGo(last) }
    let frame = EncodingFrame(self, level: depth)
    frame.step = step
    stack[depth] = frame
    return frame
  }

  /// Whether there is a frame at this depth that no one else keeps.
  @inline(__always)
  private func hasFreeFrame(at depth: Int) -> Bool {
    isKnownUniquelyReferenced(&stack[depth]) && stack[depth]?.kept.isFree == true
  }

  /// Closes the open containers inside the container at `level`, or moves one that may continue to bytes of its own.
  @inline(never)
  func settle(_ level: Int) {
    while depth > level + 1 {
      let top = depth - 1
      if hasFreeFrame(at: top) {
        stack[top]?.close()
        continue
      }
      guard let frame = stack[top], let outer = stack[top - 1] else {
        depth = top
        continue
      }
      let offset = frame.start
      let path = Array(frame.codingPath.dropLast())
      let writer = split(at: offset, firstEntry: frame.firstEntry, path: path, depth: outerDepth + top)
      for index in frame.detached.indices { frame.detached[index].offset -= offset }
      frame.owner = writer
      frame.level = 0
      frame.start = 0
      frame.firstEntry = 0
      frame.firstExternal = 0
      writer.stack = [frame]
      writer.depth = 1
      stack[top] = nil
      depth = top
      outer.detached.append((offset, outer.count, frame))
    }
  }

  /// Removes containers whose value failed.
  func drop(to depth: Int) {
    for index in depth..<self.depth { stack[index]?.isClosed = true }
    self.depth = depth
  }

  /// Writes the only value.
  func write<Value: Encodable>(whole value: Value) throws {
    let frame = push(.whole)
    frame.open(.single)
    frame.isFinal = true
    try SingleWriter(frame: frame).encode(value)
    frame.close()
  }

  /// Ends writing. Frames may still hold their writer.
  func finish() {
    for case let frame? in stack {
      for part in frame.detached { part.frame.writer.finish() }
      frame.detached = []
      frame.kept.letGo(frame)
    }
    stack = []
    depth = 0
  }
}

extension TypeKind {
  @inline(__always)
  static func write<Value>(_ value: Value, as type: any Primitive.Type, to writer: CBORWriter) {
    func write<Known: Primitive>(_ type: Known.Type) { cast(value, to: type).write(to: writer) }
    // The most frequent types don't need a witness lookup.
    if type == Double.self { return write(Double.self) }
    if type == Int.self { return write(Int.self) }
    if type == String.self { return write(String.self) }
    write(type)
  }

  static func write<Value>(_ value: Value, arrayOf type: any PackedElement.Type, to writer: CBORWriter) {
    func write<Element: PackedElement>(_ type: Element.Type) {
      writer.write(CBORMajor.tag, Element.tag)
      writer.write(bytes: cast(value, to: [Element].self))
    }
    write(type)
  }

  static func write<Value>(_ value: Value, as type: any AnyArray.Type, to frame: EncodingFrame) throws {
    func write<Known: AnyArray>(_ type: Known.Type) throws { try cast(value, to: type).write(to: frame) }
    try write(type)
  }
}
