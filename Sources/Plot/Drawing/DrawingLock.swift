import Foundation

/// A lock for Cairo and Pango, which only one thread at a time may use.
///
/// Cairo 1.16 opens and closes font files of a shared FreeType library without a lock. When several threads drew
/// charts, some failed with "error occurred in libfreetype", and the program sometimes crashed. Work without fonts,
/// such as compressing pixels, runs outside the lock.
@_spi(Drawing) public enum DrawingLock {
  private static let lock = NSRecursiveLock()

  /// Runs `body` while no other thread draws. The lock is recursive.
  public static func withLock<Result>(_ body: () throws -> Result) rethrows -> Result {
    lock.lock()
    defer { lock.unlock() }
    return try body()
  }
}
