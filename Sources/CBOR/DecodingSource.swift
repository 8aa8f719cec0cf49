/// The reader of the encoded bytes, and decoding frames kept for reuse.
final class DecodingSource {
  private(set) var reader: CBORReader
  /// The offset at which the value begins.
  let start: Int
  let userInfo: [CodingUserInfoKey: Any]
  let kinds = TypeKinds()
  private let release: ((UnsafeRawBufferPointer) -> Void)?
  /// The offset up to which the input has been released.
  private var released = 0
  /// The number of bytes that are released at a time.
  static let partSize = 1 << 20
  /// A frame for each depth. It is reused if no one holds on to it.
  private(set) var frames: [DecodingFrame?] = []
  /// Frames that someone else keeps or kept.
  private var held: [Held] = []

  private struct Held {
    weak var frame: DecodingFrame?
  }

  init(
    _ reader: CBORReader, userInfo: [CodingUserInfoKey: Any], release: ((UnsafeRawBufferPointer) -> Void)? = nil
  ) throws {
    self.reader = reader
    self.release = release
    self.userInfo = userInfo
    let head = try reader.head(at: 0)
    let isMarked = head.major == CBORMajor.tag && head.argument == CBORTag.selfDescribed
    start = isMarked ? head.end : 0
  }

  /// The decoded value, and its end if it is known.
  func value<Value: Decodable>(_ type: Value.Type) throws -> (value: Value, end: Int?) {
    let frame = try frame(at: start, depth: 0, .whole)
    return (try SingleReader(frame: frame).decode(type), frame.entries.pointee.end)
  }

  /// Releases the input up to `offset`, if that is a part that is worth it.
  @inline(__always)
  func release(upTo offset: Int) {
    if offset - released >= Self.partSize { releasePart(upTo: offset) }
  }

  @inline(never)
  private func releasePart(upTo offset: Int) {
    if let release { release(UnsafeRawBufferPointer(rebasing: reader.bytes[released..<offset])) }
    released = offset
  }

  /// Ends reading: afterwards the bytes may be freed, and a frame that is still kept has no source.
  func finish() {
    reader = .empty
    for case let frame? in frames + held.map(\.frame) {
      frame.entries.pointee.finish()
      frame.container.letGo(frame)
    }
    frames = []
    held = []
  }

  @inline(__always)
  func frame(
    at offset: Int, depth: Int, _ step: @autoclosure () -> CodingStep
  ) throws -> DecodingFrame {
    if depth < frames.count, isKnownUniquelyReferenced(&frames[depth]), let frame = frames[depth],
      frame.container.isFree
    {
      frame.start = offset
      frame.entries.pointee.restart()
      frame.step = step()
      return frame
    }
    return try newFrame(at: offset, depth: depth, step())
  }

  @inline(never)
  private func newFrame(at offset: Int, depth: Int, _ step: CodingStep) throws -> DecodingFrame {
    guard depth < CBORLimit.depth else {
      throw CBORError("values are nested more than \(CBORLimit.depth) levels deep", at: offset)
    }
    let frame = DecodingFrame(self, at: offset, depth: depth, step)
    if depth >= frames.count {
      frames.append(frame)
    } else {
      // Someone else keeps the last frame of this depth.
      if let last = frames[depth] {
        last.container.letGo(last)
        held.append(Held(frame: last))
      }
      frames[depth] = frame
    }
    return frame
  }
}
