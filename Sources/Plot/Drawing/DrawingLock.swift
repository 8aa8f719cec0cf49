import Foundation

/// Lets one thread at a time use Cairo and Pango.
///
/// Cairo 1.16 opens and closes font files of one FreeType library from several threads without a lock; with charts
/// drawn side by side some failed with "error occurred in libfreetype", and now and then the program crashed. What
/// needs no fonts, such as packing pixels, goes on beside.
@_spi(Drawing) public enum DrawingLock {
  private static let lock = NSRecursiveLock()

  /// Runs `body` while no other thread draws; `body` may ask again.
  public static func withLock<Result>(_ body: () throws -> Result) rethrows -> Result {
    lock.lock()
    defer { lock.unlock() }
    return try body()
  }
}
