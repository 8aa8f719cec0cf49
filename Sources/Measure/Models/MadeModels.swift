import Core
import Foundation

/// A temporary folder for models that a measurement makes for itself.
enum MadeModels {
  /// Runs `body` with the folder, and deletes it. Reading a file in it isn't told to the observer of files
  /// (`TrainingContext.files`), because no result depends on files that are made anew each time.
  ///
  /// - Parameter name: The beginning of the folder's name.
  static func withFolder<Value>(_ name: String, _ body: (URL) throws -> Value) throws -> Value {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("\(name)-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try TrainingContext.withoutObserving(filesIn: folder.path) { try body(folder) }
  }
}
