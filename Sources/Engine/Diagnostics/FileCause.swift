import Foundation
import Wire

/// Why a file couldn't be written or made, in the operating system's words ("Permission denied"). Foundation's own
/// texts say "The operation could not be completed" first.
package func fileCause(_ error: any Error) -> String {
  if let failure = error as? POSIXFailure { return String(cString: strerror(failure.code)) }
  let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? any Error
  if let posix = (error as? POSIXError) ?? (underlying as? POSIXError) {
    return String(cString: strerror(posix.code.rawValue))
  }
  if let underlying = underlying as NSError?, underlying.domain == NSPOSIXErrorDomain {
    return String(cString: strerror(Int32(clamping: underlying.code)))
  }
  let codes: [CocoaError.Code: Int32] = [
    .fileNoSuchFile: ENOENT, .fileReadNoSuchFile: ENOENT, .fileWriteNoPermission: EACCES, .fileWriteOutOfSpace: ENOSPC,
    .fileReadNoPermission: EACCES, .fileWriteVolumeReadOnly: EROFS, .fileWriteFileExists: EEXIST,
    .fileWriteInvalidFileName: EINVAL,
  ]
  guard let cocoa = error as? CocoaError, let code = codes[cocoa.code] else { return error.localizedDescription }
  return String(cString: strerror(code))
}
