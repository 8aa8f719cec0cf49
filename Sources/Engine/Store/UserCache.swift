import Foundation
import Synchronization
import Wire

/// The user's cache of facts that hold for all notebooks, such as the compiler's version. A new folder of notebooks
/// then needn't ask the compiler again.
///
/// The facts are never kept beside a notebook: they say which program is the compiler, and a folder of notebooks may
/// come from anywhere. Where the user's cache can't be written, they last as long as this value.
package struct UserCache: Sendable {
  private let folder: URL?
  private let temporary = Temporary()

  package init() {
    self.init(folder: UserFolder.cache)
  }

  /// - Parameter folder: The cache's folder. It need not exist.
  package init(folder: URL?) {
    self.folder = folder
  }

  /// A temporary folder in place of one that can't be written. It is removed with the last copy of the cache.
  private final class Temporary: Sendable {
    private let made = Mutex<TemporaryFolder?>(nil)

    var existing: URL? { made.withLock { $0?.url } }

    func folder() throws -> URL {
      try made.withLock { made in
        if let made { return made.url }
        let new = try TemporaryFolder("cache")
        made = new
        return new.url
      }
    }
  }

  /// The folders to read from: the user's own if only the user can write to it, then the temporary one if it exists.
  private var readable: [URL] {
    [folder.flatMap { UserFolder.isOwn($0.path) ? $0 : nil }, temporary.existing].compactMap { $0 }
  }

  /// The record stored as `path`; nil if it is damaged or from another version of Labbook.
  package func record<Value: Decodable>(_ path: String, as type: Value.Type = Value.self) -> Value? {
    for folder in readable {
      if let data = FileManager.default.contents(atPath: folder.appendingPathComponent(path).path),
        case .json(let json) = StoreRecord.reading(data, as: path), let value: Value = StoreRecord.value(json)
      {
        return value
      }
    }
    return nil
  }

  package func setRecord(_ path: String, _ value: some Encodable) throws {
    _ = try write(try StoreRecord.data(value, as: path), as: path)
  }

  /// The fact `name` about `file`; nil if the file's size or modification time has changed since.
  ///
  /// - Throws: Foundation's error if the file's attributes can't be read.
  package func fact<Value: Codable>(_ name: String, about file: String) throws -> Value? {
    let identity = try FileIdentity(file)
    guard let fact: Fact<Value> = record(Self.place(name, file)), fact.file == identity else { return nil }
    return fact.value
  }

  /// Stores a fact about `file`. If it can't be written, it will be found out again.
  package func keepFact(_ name: String, about file: String, _ value: some Codable) throws {
    let fact = Fact(file: try FileIdentity(file), value: value)
    try? setRecord(Self.place(name, file), fact)
  }

  private static func place(_ name: String, _ file: String) -> String { "\(name)-\(SHA256.hex(file).prefix(12))" }

  private struct Fact<Value: Codable>: Codable {
    var file: FileIdentity
    var value: Value
  }

  private struct FileIdentity: Codable, Equatable {
    var path: String
    var size: Int
    var modified: Double

    init(_ path: String) throws {
      self.path = path
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      size = attributes[.size] as? Int ?? 0
      modified = (attributes[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
    }
  }

  /// - Returns: The file that has the data now.
  /// - Throws: The error of the last folder, if no folder can be written.
  package func write(_ data: Data, as path: String) throws -> URL {
    if let folder, let file = try? write(data, to: folder.appendingPathComponent(path)), UserFolder.isOwn(folder.path) {
      return file
    }
    return try write(data, to: temporary.folder().appendingPathComponent(path))
  }

  private func write(_ data: Data, to file: URL) throws -> URL {
    if FileManager.default.contents(atPath: file.path) == data { return file }
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    try data.writeDurably(to: file, replace: true)
    return file
  }

  /// Makes a folder in the cache for another program's own files.
  package func subfolder(_ name: String) throws -> URL {
    try write(Data(), as: "\(name)/.keep").deletingLastPathComponent()
  }
}
