internal import Basics
internal import CCairo
import Foundation

/// The fonts that all drawings share: to be used under ``DrawingLock`` only, as are all texts shaped with them.
///
/// Pango's default map belongs to a thread, so that each of several threads that draw in turns would look for all fonts
/// anew, some tens of milliseconds each.
@_spi(Drawing) public enum FontMap {
  // Nobody but the thread that holds the lock touches it.
  nonisolated(unsafe) static let shared = pango_cairo_font_map_new()

  /// A new `PangoContext *`, for the caller to let go; nil when Pango can't make one.
  public static func makeContext() -> OpaquePointer? {
    folders.forEach(FileRegister.note)
    return DrawingLock.withLock { shared.flatMap { pango_font_map_create_context($0) } }
  }

  /// Where fonts are installed or removed, one of these changes.
  private static var folders: [String] {
    let home = FileManager.default.homeDirectoryForCurrentUser
    return ["/etc/fonts", "/usr/local/share/fonts", "/usr/share/fonts", "/var/cache/fontconfig"]
      + [".fonts", ".local/share/fonts"].map { home.appendingPathComponent($0).path }
  }
}
