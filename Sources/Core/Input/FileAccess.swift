internal import Basics
import Foundation
import Glibc

/// The only way in which Core reads files, so that a notebook knows which files a cell's result depends on
/// (`TrainingContext.files`).
public enum FileAccess {
  /// The whole content of the file at `path`.
  /// - Throws: `InputError` that names the file when it can't be read.
  public static func read(_ path: String) throws -> Data {
    try read(path, limit: Budgets.fileBytes)
  }

  /// The files of a folder and its subfolders that have one of these extensions, without hidden ones. A notebook's
  /// cell that calls this is stale when such a file is added, removed or renamed. Links to other folders aren't
  /// followed.
  /// - Parameter extensions: Extensions without the dot, such as `csv` or `tar.gz`. Capital letters don't matter.
  /// - Returns: The files' paths relative to the folder, in alphabetical order.
  /// - Throws: `InputError` when the folder doesn't exist, can't be read or has more than a million files, or an
  ///   extension is empty or has one of the characters `/{},*`.
  ///
  /// ```swift
  /// let tables = try FileAccess.list("measured", extensions: ["csv"])
  /// ```
  public static func list(_ folder: String, extensions: [String]) throws -> [String] {
    try names(in: folder, .files(extensions: extensions.map { $0.lowercased() }))
  }

  /// The subfolders of a folder, without hidden ones. A notebook's cell that calls this is stale when one is added,
  /// removed or renamed.
  /// - Returns: Their names, in alphabetical order.
  /// - Throws: `InputError` when the folder doesn't exist, can't be read or has more than a million files.
  public static func subfolders(of folder: String) throws -> [String] {
    try names(in: folder, .subfolders)
  }

  private static func names(in folder: String, _ kind: FolderListing.Kind) throws -> [String] {
    guard !folder.isEmpty else {
      throw InputError("the folder's path is empty", remedy: "The notebook's own folder is \".\".")
    }
    guard let listing = FolderListing(folder, kind) else {
      var extensions: [String] = []
      if case .files(let given) = kind { extensions = given }
      throw InputError(
        "these aren't extensions of files: \(extensions)",
        remedy: "Name them without the dot, such as [\"png\", \"jpg\"].")
    }
    let found = listing.find()
    TrainingContext.current.files?(listing.path, found.content)
    if let names = found.names { return names }
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: listing.folder, isDirectory: &isFolder)
    let isReadable = FileManager.default.isReadableFile(atPath: listing.folder)
    throw InputError(
      !exists
        ? "the folder doesn't exist"
        : !isFolder.boolValue
          ? "this is not a folder"
          : isReadable
            ? "the folder has more than \(Budgets.listedFiles) files, which is the most that can be listed"
            : "the folder can't be read",
      at: Place(file: listing.folder),
      remedy: exists ? nil : "Paths are relative to \(FileManager.default.currentDirectoryPath).")
  }

  /// - Parameter limit: The greatest size of the file, in bytes.
  package static func read(_ path: String, limit: Int) throws -> Data {
    let observe = TrainingContext.current.files
    let content: Data
    do {
      content = try bytes(of: path, limit: limit)
    } catch let error as InputError {
      observe?(path, nil)
      throw error
    } catch {
      observe?(path, nil)
      let absent = !FileManager.default.fileExists(atPath: path)
      throw InputError(
        absent ? "there is no such file" : "the file can't be read", at: Place(file: path),
        remedy: "Paths are relative to \(FileManager.default.currentDirectoryPath).")
    }
    observe?(path, content)
    return content
  }

  /// Reads the file in one piece. `Data(contentsOf:)` takes three times the file's size in memory, and never ends for
  /// a device.
  private static func bytes(of path: String, limit: Int) throws -> Data {
    // Without O_NONBLOCK, opening a named pipe waits for a writer.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw CocoaError(.fileReadUnknown) }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
      throw CocoaError(.fileReadUnknown)
    }
    if status.st_mode & S_IFMT == S_IFIFO {
      // A pipe that the user gave this process, such as a shell's `<(…)`, has a writer.
      guard path == "/dev/stdin" || path.hasPrefix("/dev/fd/") || path.hasPrefix("/proc/self/fd/") else {
        throw InputError(
          "the file is a named pipe, which can't be read as a file", at: Place(file: path),
          remedy: "Write its content to a plain file.")
      }
      _ = fcntl(descriptor, F_SETFL, 0)
    }
    let size = status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : 0
    var content = Data()
    if size <= limit {
      content.reserveCapacity(size)
      while content.count <= limit, let more = try handle.read(upToCount: 8 << 20), !more.isEmpty { content += more }
    }
    guard max(size, content.count) <= limit else {
      throw InputError(
        "the file has more than \(limit >> 20) MiB, which is the most that can be read", at: Place(file: path),
        remedy: "Put the data that the notebook needs into a smaller file.")
    }
    return content
  }
}
