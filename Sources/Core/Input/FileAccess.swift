import Foundation

/// The one door through which Core reads files, so that whoever runs a cell learns which files its result depends on.
public enum FileAccess {
  public typealias Observer = @Sendable (_ path: String, _ content: Data?) -> Void

  private static let observer = ObserverSlot<Observer>()

  /// Calls `observer` with the path as given and the content as read, for every later read of this process; with nil where
  /// nothing could be read, since that too is something to depend on.
  public static func observe(_ observer: @escaping Observer) {
    Self.observer.hold(observer)
  }

  /// The whole content of the file at `path`.
  /// - Throws: `InputError` that names the file when it can't be read.
  public static func read(_ path: String) throws -> Data {
    let content: Data
    do {
      content = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      observer.function?(path, nil)
      let absent = !FileManager.default.fileExists(atPath: path)
      throw InputError(
        absent ? "there is no such file" : "the file can't be read", at: Place(file: path),
        remedy: "Paths are relative to \(FileManager.default.currentDirectoryPath).")
    }
    observer.function?(path, content)
    return content
  }
}
