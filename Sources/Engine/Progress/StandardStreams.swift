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
  }

  /// Ends the command. Lost output turns success into ``lostExitCode``.
  ///
  /// `exit` is not called, since other threads may still work: it would take down the state of OpenSSL and SQLite under
  /// them, and the command would end with a memory error in place of its status.
  package static func leave(with status: Int32) -> Never {
    if standard_output_is_lost() != 0 {
      printError("error: standard output can't be written: what the command printed is lost\n")
      _exit(status == 0 ? lostExitCode : status)
    }
    _exit(status == 0 && isLost.load(ordering: .relaxed) ? lostExitCode : status)
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
