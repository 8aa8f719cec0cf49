import Basics
import Engine
import Foundation
import Glibc
import Report
import Wire

extension ReportArchive {
  /// Writes the files into a folder, which is made if it doesn't exist. Links in the folder are never followed, and
  /// only plain files are ever replaced.
  /// - Parameter replace: Whether existing files with other content are replaced.
  /// - Returns: The files' paths in the folder.
  /// - Throws: `NotebookError` if something is in the way; no file is written then.
  package func unpack(to folder: URL, replace: Bool) throws -> [String] {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw NotebookError(
        "the folder \(folder.path) can't be made: \(fileCause(error))", remedy: "Name another folder.")
    }
    let root = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard root >= 0 else { throw NotebookError("\(POSIXFailure(action: "open", path: folder.path))") }
    defer { close(root) }
    var obstacles: [Diagnostic] = []
    var missing: [CarriedFile] = []
    for file in files {
      switch Self.standing(of: file, below: root) {
      case .same: break
      case .absent: missing.append(file)
      case .other where replace: missing.append(file)
      case .other:
        obstacles.append(
          .error(
            "\(folder.path)/\(file.path) exists already and has another content",
            remedy: "Unpack to a new folder, or give --force to replace it."))
      case .obstacle(let what):
        obstacles.append(.error("\(folder.path)/\(file.path) \(what)", remedy: "Unpack to a new folder."))
      }
    }
    if !obstacles.isEmpty { throw NotebookError(obstacles) }
    var written: [CarriedFile] = []
    for file in missing {
      do {
        try Self.write(file, below: root, replace: replace)
        written.append(file)
      } catch {
        // Files written so far are removed again, unless they replaced others.
        if !replace { for file in written { Self.remove(file, below: root) } }
        throw NotebookError(
          "\(folder.path)/\(file.path) can't be written: \(fileCause(error))",
          remedy: "Free disk space there, or name another folder.")
      }
    }
    return files.map(\.path)
  }

  private enum Standing {
    case absent, same, other
    case obstacle(String)
  }

  private static func standing(of file: CarriedFile, below root: Int32) -> Standing {
    do {
      return try withFolder(of: file, below: root, makes: false) { folder, name in
        var status = stat()
        guard fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return .absent }
        guard status.st_mode & S_IFMT == S_IFREG else { return .obstacle("exists already and is not a plain file") }
        guard status.st_size == off_t(file.content.count) else { return .other }
        let descriptor = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return .other }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        return (try? handle.readToEnd()) ?? Data() == file.content ? .same : .other
      }
    } catch let failure as POSIXFailure {
      return failure.code == ENOENT ? .absent : .obstacle("leads out of the folder by a link, or through a file")
    } catch {
      return .obstacle("can't be written: \(fileCause(error))")
    }
  }

  private static func write(_ file: CarriedFile, below root: Int32, replace: Bool) throws {
    try withFolder(of: file, below: root, makes: true) { folder, name in
      let temporary = ".labbook.\(getpid()).\(UInt64.random(in: 0 ... .max))"
      let descriptor = openat(folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else { throw POSIXFailure(action: "create", path: file.path) }
      defer { unlinkat(folder, temporary, 0) }
      let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
      try handle.write(contentsOf: file.content)
      try handle.synchronize()
      // A link never replaces another entry.
      let status =
        replace ? renameat(folder, temporary, folder, name) : linkat(folder, temporary, folder, name, 0)
      guard status == 0 else { throw POSIXFailure(action: "name", path: file.path) }
    }
  }

  private static func remove(_ file: CarriedFile, below root: Int32) {
    try? withFolder(of: file, below: root, makes: false) { folder, name in
      _ = unlinkat(folder, name, 0)
    }
  }

  /// Calls `body` with the folder that a file is or will be in, which is opened without following links.
  private static func withFolder<Result>(
    of file: CarriedFile, below root: Int32, makes: Bool, _ body: (Int32, String) throws -> Result
  ) throws -> Result {
    let parts = file.path.split(separator: "/").map(String.init)
    var folder = dup(root)
    defer { close(folder) }
    for part in parts.dropLast() {
      if makes, mkdirat(folder, part, 0o755) != 0, errno != EEXIST { throw POSIXFailure(action: "make", path: part) }
      let next = openat(folder, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      guard next >= 0 else { throw POSIXFailure(action: "open", path: part) }
      close(folder)
      folder = next
    }
    return try body(folder, parts[parts.count - 1])
  }
}
