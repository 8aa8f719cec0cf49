internal import CStandardOutput
import Foundation
import Glibc
import Synchronization

/// Standard output and standard error. Either may be closed, full, or a pipe whose reader has gone: lost output is an
/// error of the command, but never stops its work.
package enum StandardStreams {
  /// The exit code of a command that did its work but could not print all of its output: `EX_IOERR` of `sysexits.h`.
  package static let lostExitCode: Int32 = 74

  private static let isLost = Atomic<Bool>(false)

  /// Must be called before any file is opened: the next opened file would get a closed stream's descriptor and would
  /// be written over.
  package static func prepare() {
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) < 0 {
      // Every write to /dev/full fails as on a full disk.
      _ = open(descriptor == STDIN_FILENO ? "/dev/null" : "/dev/full", O_RDWR)
    }
    // If the reader of a pipe has gone, writing fails. Cells inherit an ignored signal but not a handler.
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

  /// Writes to standard error, and records a failure to write.
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
