import Foundation

/// The decoder of one item.
final class DecodingFrame: Decoder {
  /// The same object as `owner`, without reference counting of each access.
  unowned(unsafe) let source: DecodingSource
  private let owner: DecodingSource
  var start: Int
  let depth: Int
  var step: CodingStep
  var container = KeptContainer<DecodingFrame>()
  let entries: UnsafeMutablePointer<MapEntries>

  init(_ source: DecodingSource, at start: Int, depth: Int, _ step: CodingStep) {
    self.source = source
    owner = source
    self.start = start
    self.depth = depth
    self.step = step
    entries = .allocate(capacity: 1)
    entries.initialize(to: MapEntries(source.reader))
  }

  deinit {
    entries.pointee.deallocate()
    entries.deallocate()
  }

  var userInfo: [CodingUserInfoKey: Any] { source.userInfo }
  @inline(__always)
  var reader: CBORReader { source.reader }

  private var isForReuse: Bool { depth < source.frames.count && source.frames[depth] === self }

  var codingPath: [any CodingKey] {
    // The surroundings of a frame that was held for too long have been reused.
    let around = isForReuse ? source.frames[..<depth] : []
    return around.compactMap { $0?.step.key } + (step.key.map { [$0] } ?? [])
  }

  // MARK: Containers

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    do {
      try entries.pointee.index(at: start)
    } catch {
      throw located(error, path: codingPath)
    }
    guard let kept = container.take(keyedBy: ObjectIdentifier(type)) else { return newContainer(keyedBy: type) }
    return unsafeBitCast(kept, to: KeyedDecodingContainer<Key>.self)
  }

  @inline(never)
  private func newContainer<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
    entries.pointee.expect(type)
    let owner = KeptContainer<DecodingFrame>.Owner()
    let made = KeyedDecodingContainer(KeyedReader<Key>(self, owner))
    container.keep(made, keyedBy: ObjectIdentifier(type), owner, self, isForReuse: isForReuse)
    return made
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer { try list() }

  func singleValueContainer() throws -> any SingleValueDecodingContainer { SingleReader(frame: self) }

  @inline(__always)
  func list() throws -> UnkeyedReader {
    try checked(codingPath) { try UnkeyedReader(self) }
  }

  func inner(_ offset: Int, _ key: some CodingKey) throws -> DecodingFrame {
    try checked(path(to: key)) { try source.frame(at: offset, depth: depth + 1, .key(key)) }
  }

  // MARK: Errors

  /// Runs a reading function, and adds the place in the value to its errors.
  @inline(__always)
  func checked<Result>(
    _ path: @autoclosure () -> [any CodingKey], _ type: Any.Type = Any.self, _ read: () throws -> Result
  ) throws -> Result {
    do {
      return try read()
    } catch {
      throw located(error, type, path: path())
    }
  }

  /// The error with its place in the value.
  @inline(never)
  func located(_ error: any Error, _ type: Any.Type = Any.self, path: [any CodingKey]) -> any Error {
    guard let error = error as? CBORError else { return error }
    let context = DecodingError.Context(codingPath: path, debugDescription: error.description)
    return error.isMismatch ? DecodingError.typeMismatch(type, context) : DecodingError.dataCorrupted(context)
  }

  /// The error for null in place of a simple value.
  @inline(never)
  func located(_ error: any Error, _ type: Any.Type, at offset: Int, _ key: (any CodingKey)?) -> any Error {
    if (try? reader.isNull(at: offset)) == true { return missing(type, path(to: key)) }
    return located(error, type, path: path(to: key))
  }

  func path(to key: (any CodingKey)?) -> [any CodingKey] { codingPath + (key.map { [$0] } ?? []) }

  private func missing(_ type: Any.Type, _ path: [any CodingKey]) -> DecodingError {
    .valueNotFound(type, .init(codingPath: path, debugDescription: "a \(type) was expected, but found null"))
  }

  func corrupted(_ cause: String, _ path: [any CodingKey]) -> DecodingError {
    .dataCorrupted(.init(codingPath: path, debugDescription: cause))
  }
}
