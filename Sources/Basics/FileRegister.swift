import Synchronization

/// The files that a run's results and report depend on, whether they exist or not.
///
/// A function that reads a file for a report notes it here, so that the run's receipt lists it: a change of any of
/// these files invalidates the receipt. The register is bound to the task that makes the report; a thread that this
/// task starts directly has to bind it again.
package final class FileRegister: Sendable {
  @TaskLocal package static var current: FileRegister?

  private let noted = Mutex<Set<String>>([])

  package init() {}

  /// Absolute paths, in alphabetical order.
  package var paths: [String] { noted.withLock { $0.sorted() } }

  package func note(_ path: String) {
    noted.withLock { _ = $0.insert(path) }
  }

  /// Notes a file in the current task's register, if it has one.
  /// - Parameter path: An absolute path.
  package static func note(_ path: String) {
    guard let current else { return }
    current.note(path)
    // A receipt compares what `stat` says, and a listing has no file of its own.
    FolderListing(path: path)?.find().folders.forEach(current.note)
  }
}
