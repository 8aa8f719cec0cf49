internal import CStandardOutput
import Foundation
import Glibc
import Synchronization

/// Standard output and standard error, which may be closed, full or gone: what is lost there is an error of the
/// command, and never ends its work.
package enum StandardStreams {
  /// The exit code of a command that did its work and couldn't say so, as `sysexits.h` has it.
  package static let lostExitCode: Int32 = 74

  private static let isLost = Atomic<Bool>(false)

  /// Called first of all. A closed stream's number would be given to the next file that is opened, which would then
  /// be written over.
  package static func prepare() {
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) < 0 {
      // Whatever is written to this device fails as on a full disk.
      _ = open(descriptor == STDIN_FILENO ? "/dev/null" : "/dev/full", O_RDWR)
    }
    // A reader that has gone is told by the failure to write. A handler, unlike ignoring, isn't inherited by cells.
    signal(SIGPIPE) { _ in }
    on_exit(
      { status, _ in
        if standard_output_is_lost() != 0 {
          StandardStreams.printError("error: standard output can't be written: what the command printed is lost\n")
        } else if !StandardStreams.isLost.load(ordering: .relaxed) {
          return
        }
        if status == 0 { _exit(StandardStreams.lostExitCode) }
      }, nil)
  }

  /// Writes to standard error, and notes if that fails.
  package static func printError(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      var start = 0
      while start < bytes.count {
        let count = write(STDERR_FILENO, bytes.baseAddress?.advanced(by: start), bytes.count - start)
        if count < 0, errno == EINTR { continue }
        if count <= 0 { return isLost.store(true, ordering: .relaxed) }
        start += count
      }
    }
  }
}
