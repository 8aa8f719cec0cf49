@_spi(Runner) import Cell
import Foundation

/// What holds for all notebooks of a user, such as what the compiler said of itself: kept in the user's cache, so that a
/// new folder of notebooks needn't ask again, or in the store where that can't be written.
struct UserCache: Sendable {
  private let folders: [URL]

  /// In `labbook` in the user's cache, of which `XDG_CACHE_HOME` tells where it is.
  init(store: Store) {
    let caches = FileManager.default.urls(for: .cachesDirectory, in: .userDomainMask).first
    self.init(folders: [caches?.appendingPathComponent("labbook"), store.folder].compactMap { $0 })
  }

  /// - Parameter folders: The first of them that can be written is.
  init(folders: [URL]) {
    self.folders = folders
  }

  /// What was kept as `path`, unless it is damaged or from another version of Labbook.
  func record<Value: Decodable>(_ path: String, as type: Value.Type = Value.self) -> Value? {
    for folder in folders {
      if let data = FileManager.default.contents(atPath: folder.appendingPathComponent(path).path),
        let value: Value = StoreRecord.json(data).flatMap({ StoreRecord.value($0) })
      {
        return value
      }
    }
    return nil
  }

  func setRecord(_ path: String, _ value: some Encodable) throws {
    _ = try write(try StoreRecord.data(value), as: path)
  }

  /// - Returns: Where it was written, or already was.
  /// - Throws: Why it could be written nowhere.
  func write(_ data: Data, as path: String) throws -> URL {
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
