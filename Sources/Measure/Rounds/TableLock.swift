internal import Basics
import Core
import Foundation
import Glibc

/// The lock of a table's rounds. Each measurement keeps all rounds in memory and writes them anew when it ends, so a
/// second one into the same table would lose those of the first.
struct TableLock {
  private let path: String
  private let descriptor: Int32

  /// Takes the lock, which is a file beside the rounds.
  /// - Parameter rounds: The path of the table's rounds.
  /// - Throws: `InputError` when another process measures into the table, or the file can't be made.
  init(_ rounds: String) throws {
    path = rounds + ".lock"
    let folder = (path as NSString).deletingLastPathComponent
    if !folder.isEmpty { try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }
    while true {
      let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
      guard file >= 0 else {
        throw InputError(
          "the rounds can't be written: \(String(cString: strerror(errno)))", at: Place(file: rounds),
          remedy: "Choose a folder that you can write to.")
      }
      guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
        close(file)
        throw InputError(
          "another measurement is writing this table", at: Place(file: rounds),
          remedy: "Wait until it ends, or write another table.")
      }
      // The measurement before may have removed the file after it was opened here.
      var (own, current) = (stat(), stat())
      if fstat(file, &own) == 0, stat(path, &current) == 0, own.st_ino == current.st_ino, own.st_dev == current.st_dev {
        descriptor = file
        return
      }
      close(file)
    }
  }

  /// Removes the lock.
  func end() {
    unlink(path)
    close(descriptor)
  }
}
