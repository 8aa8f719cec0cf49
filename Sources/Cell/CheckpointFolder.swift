import Core
import Foundation
internal import Wire

extension KeyedStorage {
  /// Stores the data of each key as a file in a folder, which is made at the first save. Errors are ignored, because
  /// a checkpoint only saves time.
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
