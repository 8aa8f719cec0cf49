internal import CBOR
import Dispatch
import Foundation
import Glibc
internal import Wire

/// Values in the store: CBOR in a file that is named by its SHA-256.
enum ValueFile {
  /// The file is gone, or not what its name says.
  struct Damage: Error {}

  /// Where there is more than this, the digest is computed beside writing and reading.
  private static let sharedMinimum = 4 << 20

  static func digest(_ value: EncodedValue) -> String {
    let stream = SHA256.Stream()
    value.forEachPart { stream.add($0) }
    return stream.hex()
  }

  /// Writes a value to the file that its digest names.
  static func write(_ value: EncodedValue, into folder: URL) throws -> (sha256: String, bytes: Int) {
    let bytes = value.count
    if bytes < sharedMinimum {
      let digest = Self.digest(value)
      if !exists(digest, in: folder) { try file(value, in: folder).keep(as: digest) }
      return (digest, bytes)
    }
    // Both only read the value, which is this function's until it returns.
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
  /// - Throws: `Damage`, or what is wrong with its content.
  static func read<Value: Decodable>(_ type: Value.Type, at path: String, sha256: String) throws -> Value {
    guard let file = MappedFile(path) else { throw Damage() }
    return try withExtendedLifetime(file) {
      let bytes = file.bytes
      // Numbers are copied whatever they are; the code of other types should see nothing that is damaged.
      guard bytes.count >= sharedMinimum, CBORDecoder.copies(type) else {
        guard Self.digest(bytes) == sha256 else { throw Damage() }
        return try CBORDecoder().decode(type, from: bytes)
      }
      nonisolated(unsafe) let shared = bytes
      let digest = Concurrent { Self.digest(shared) }
      let value = Result { try CBORDecoder().decode(type, from: bytes) }
      guard digest.result() == sha256 else { throw Damage() }
      return try value.get()
    }
  }

  private static func digest(_ bytes: UnsafeRawBufferPointer) -> String {
    let stream = SHA256.Stream()
    stream.add(bytes)
    return stream.hex()
  }
}

/// A file's content, mapped to memory.
private final class MappedFile {
  let bytes: UnsafeRawBufferPointer

  /// nil where it can't be read.
  init?(_ path: String) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_size > 0 else { return nil }
    let size = Int(status.st_size)
    guard let memory = mmap(nil, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, descriptor, 0), memory != MAP_FAILED
    else {
      return nil
    }
    bytes = UnsafeRawBufferPointer(start: memory, count: size)
  }

  deinit {
    munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
  }
}

/// Work that goes on beside what its maker does.
private final class Concurrent<Output: Sendable>: Sendable {
  // Written by one thread before it leaves the group, read by another that waited for that.
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
