import Core
import Foundation
internal import Wire

extension KeyedStorage {
  /// Keeps each key's data as a file of a folder, which is made when the first is saved. What can't be saved is not: a
  /// checkpoint saves time and nothing else.
  init(folder: String) {
    let url = URL(fileURLWithPath: folder)
    self.init(
      load: { FileManager.default.contents(atPath: url.appendingPathComponent($0).path) },
      save: { key, data in
        try? FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        try? data.writeDurably(to: url.appendingPathComponent(key), replace: true)
      })
  }
}
