import Foundation
import Wire

/// What holds for all notebooks of a user, such as what the compiler said of itself: kept in the user's cache, so that a
/// new folder of notebooks needn't ask again, or in the store where that can't be written.
package struct UserCache: Sendable {
  private let folders: [URL]

  /// In `labbook` in the user's cache, of which `XDG_CACHE_HOME` tells where it is.
  package init(store: Store) {
    let caches = FileManager.default.urls(for: .cachesDirectory, in: .userDomainMask).first
    self.init(folders: [caches?.appendingPathComponent("labbook"), store.folder].compactMap { $0 })
  }

  /// - Parameter folders: The first of them that can be written is.
  package init(folders: [URL]) {
    self.folders = folders
  }

  /// What was kept as `path`, unless it is damaged or from another version of Labbook.
  package func record<Value: Decodable>(_ path: String, as type: Value.Type = Value.self) -> Value? {
    for folder in folders {
      if let data = FileManager.default.contents(atPath: folder.appendingPathComponent(path).path),
        let value: Value = StoreRecord.json(data).flatMap({ StoreRecord.value($0) })
      {
        return value
      }
    }
    return nil
  }

  package func setRecord(_ path: String, _ value: some Encodable) throws {
    _ = try write(try StoreRecord.data(value), as: path)
  }

  /// What was found out about `file` and kept as `name`, unless the file's size or time has changed since.
  ///
  /// - Throws: Why the file can't be looked at.
  package func fact<Value: Codable>(_ name: String, about file: String) throws -> Value? {
    let identity = try FileIdentity(file)
    guard let fact: Fact<Value> = record(Self.place(name, file)), fact.file == identity else { return nil }
    return fact.value
  }

  /// Keeps what was found out about `file`; where that can't be written, it will be found out again.
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

  /// - Returns: Where it was written, or already was.
  /// - Throws: Why it could be written nowhere.
  package func write(_ data: Data, as path: String) throws -> URL {
    var failure: any Error = NotebookError("there is no folder for \(path)")
    for folder in folders {
      let file = folder.appendingPathComponent(path)
      if FileManager.default.contents(atPath: file.path) == data { return file }
      do {
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.writeDurably(to: file, replace: true)
        return file
      } catch {
        failure = error
      }
    }
    throw failure
  }
}
