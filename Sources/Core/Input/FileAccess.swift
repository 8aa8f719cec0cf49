internal import Basics
import Foundation
import Glibc

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
    try read(path, limit: Budgets.fileBytes)
  }

  /// - Parameter limit: Bytes that the file may have.
  package static func read(_ path: String, limit: Int) throws -> Data {
    let content: Data
    do {
      content = try bytes(of: path, limit: limit)
    } catch let error as InputError {
      observer.function?(path, nil)
      throw error
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

  /// Reads in one piece. `Data(contentsOf:)` takes three times the file's size in memory, and never ends for a device.
  private static func bytes(of path: String, limit: Int) throws -> Data {
    let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    defer { try? handle.close() }
    var status = stat()
    guard fstat(handle.fileDescriptor, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
      throw CocoaError(.fileReadUnknown)
    }
    let size = status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : 0
    var content = Data()
    if size <= limit {
      content.reserveCapacity(size)
      while content.count <= limit, let more = try handle.read(upToCount: 8 << 20), !more.isEmpty { content += more }
    }
    guard max(size, content.count) <= limit else {
      throw InputError(
        "the file has more than \(limit >> 20) MiB, which is too much to be read at once", at: Place(file: path),
        remedy: "Keep what the notebook needs in a smaller file.")
    }
    return content
  }
}
