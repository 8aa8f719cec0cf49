internal import CBOR
import Dispatch
import Foundation
import Glibc
internal import Wire

/// Reads and writes values in the store: CBOR in a file that is named by its SHA-256.
enum ValueFile {
  /// An error: the file is missing, or its content doesn't match its name.
  struct Damage: Error {}

  /// The size in bytes from which on the digest is computed in parallel with writing and reading.
  private static let sharedMinimum = 4 << 20

  /// The number of bytes of a mapped file that are read before they are released.
  private static let partSize = 1 << 20

  /// The digest of a value, which is never encoded in memory as a whole if it is a long list.
  static func digest(_ value: some Encodable, by encoder: CBOREncoder) throws -> String {
    let stream = SHA256.Stream()
    stream.add(try encoder.encode(value) { stream.add($0) })
    return stream.hex()
  }

  private static func digest(_ value: EncodedValue) -> String {
    let stream = SHA256.Stream()
    stream.add(value)
    return stream.hex()
  }

  /// Writes a value to the file named by its digest.
  static func write(
    _ value: some Encodable, by encoder: CBOREncoder, into folder: URL
  ) throws -> (sha256: String, bytes: Int) {
    var open: DurableFile?
    let stream = SHA256.Stream()
    var bytes = 0
    func add(_ part: EncodedValue, to file: DurableFile) throws {
      try part.forEachPart {
        stream.add($0)
        try file.write($0)
      }
      bytes += part.count
    }
    let rest = try encoder.encode(value) { part in
      let file = try open ?? DurableFile(in: folder)
      open = file
      try add(part, to: file)
    }
    guard let file = open else { return try write(rest, into: folder) }
    try add(rest, to: file)
    let name = stream.hex()
    if !exists(name, in: folder) { try file.keep(as: name) }
    return (name, bytes)
  }

  private static func write(_ value: EncodedValue, into folder: URL) throws -> (sha256: String, bytes: Int) {
    let bytes = value.count
    if bytes < sharedMinimum {
      let digest = Self.digest(value)
      if !exists(digest, in: folder) { try file(value, in: folder).keep(as: digest) }
      return (digest, bytes)
    }
    // Both threads only read the value, which doesn't change until this function returns.
    nonisolated(unsafe) let shared = value
    let digest = Concurrent { Self.digest(shared) }
    let written = Result { try Self.file(value, in: folder) }
    guard let name = digest.result() else { throw Damage() }
    let file = try written.get()
    if !exists(name, in: folder) { try file.keep(as: name) }
    return (name, bytes)
  }

  private static func file(_ value: EncodedValue, in folder: URL) throws -> DurableFile {
    let file = try DurableFile(in: folder)
    try value.forEachPart { try file.write($0) }
    return file
  }

  private static func exists(_ name: String, in folder: URL) -> Bool {
    access(folder.appendingPathComponent(name).path, F_OK) == 0
  }

  /// Reads a value.
  /// - Throws: `Damage`, or an error about the content.
  static func read<Value: Decodable>(_ type: Value.Type, at path: String, sha256: String) throws -> Value {
    guard let file = MappedFile(path) else { throw Damage() }
    return try withExtendedLifetime(file) {
      let bytes = file.bytes
      var decoder = CBORDecoder()
      decoder.release = MappedFile.release
      // Numbers are copied even if they are damaged, but code of other types must not run on damaged data.
      guard bytes.count >= sharedMinimum, CBORDecoder.copies(type) else {
        guard Self.digest(bytes) == sha256 else { throw Damage() }
        return try decoder.decode(type, from: bytes)
      }
      nonisolated(unsafe) let shared = bytes
      let digest = Concurrent { Self.digest(shared) }
      let value = Result { try decoder.decode(type, from: bytes) }
      guard digest.result() == sha256 else { throw Damage() }
      return try value.get()
    }
  }

  private static func digest(_ bytes: UnsafeRawBufferPointer) -> String {
    let stream = SHA256.Stream()
    for start in stride(from: 0, to: bytes.count, by: partSize) {
      let part = UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + partSize, bytes.count)])
      stream.add(part)
      MappedFile.release(part)
    }
    return stream.hex()
  }
}

extension SHA256.Stream {
  fileprivate func add(_ value: EncodedValue) { value.forEachPart { add($0) } }
}

/// A file's content, mapped into memory (mmap).
private final class MappedFile {
  let bytes: UnsafeRawBufferPointer

  /// The result is nil if the file can't be read.
  init?(_ path: String) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_size > 0 else { return nil }
    let size = Int(status.st_size)
    guard let memory = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), memory != MAP_FAILED else { return nil }
    bytes = UnsafeRawBufferPointer(start: memory, count: size)
  }

  /// Takes pages of a file out of this process's memory. They are read again from the file if somebody needs them.
  static func release(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress else { return }
    let page = UInt(getpagesize())
    let start = UInt(bitPattern: base) / page * page
    let end = (UInt(bitPattern: base) + UInt(bytes.count)) / page * page
    if end > start { madvise(UnsafeMutableRawPointer(bitPattern: start), Int(end - start), MADV_DONTNEED) }
  }

  deinit {
    munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
  }
}

/// Work that runs in parallel with the thread that starts it.
private final class Concurrent<Output: Sendable>: Sendable {
  // One thread writes it before it leaves the group, and another reads it after waiting for the group.
  private nonisolated(unsafe) var output: Output?
  private let group = DispatchGroup()

  init(_ work: @escaping @Sendable () -> Output) {
    group.enter()
    DispatchQueue.global(qos: .userInitiated).async { [self] in
      output = work()
      group.leave()
    }
  }

  func result() -> Output? {
    group.wait()
    return output
  }
}
