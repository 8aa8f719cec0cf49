import Foundation
import Glibc

/// Why a file couldn't be written or made, in the operating system's words ("Permission denied"). Foundation's own
/// texts say "The operation could not be completed" first.
package func fileCause(_ error: any Error) -> String {
  let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? any Error
  for case let cause? in [error, underlying] {
    if let posix = cause as? POSIXError { return String(cString: strerror(posix.code.rawValue)) }
    let cause = cause as NSError
    if cause.domain == NSPOSIXErrorDomain { return String(cString: strerror(Int32(clamping: cause.code))) }
  }
  let codes: [CocoaError.Code: Int32] = [
    .fileNoSuchFile: ENOENT, .fileReadNoSuchFile: ENOENT, .fileWriteNoPermission: EACCES, .fileWriteOutOfSpace: ENOSPC,
    .fileReadNoPermission: EACCES, .fileWriteVolumeReadOnly: EROFS, .fileWriteFileExists: EEXIST,
    .fileWriteInvalidFileName: EINVAL,
  ]
  guard let cocoa = error as? CocoaError, let code = codes[cocoa.code] else { return error.localizedDescription }
  return String(cString: strerror(code))
}
