internal import Basics
internal import CCairo
import Foundation

/// The font map of all drawings. It, and all texts shaped with it, may be used only under ``DrawingLock``.
///
/// Pango's default map belongs to a thread, so that each of several drawing threads would search all fonts, which
/// takes some tens of milliseconds.
@_spi(Drawing) public enum FontMap {
  // Only the thread that holds the lock uses it.
  nonisolated(unsafe) static let shared = pango_cairo_font_map_new()

  /// A new `PangoContext *`, which the caller must release; nil if Pango can't make one.
  public static func makeContext() -> OpaquePointer? {
    folders.forEach(FileRegister.note)
    return DrawingLock.withLock { shared.flatMap { pango_font_map_create_context($0) } }
  }

  /// The folders of fonts. When fonts are installed or removed, one of these folders changes.
  private static var folders: [String] {
    let home = FileManager.default.homeDirectoryForCurrentUser
    return ["/etc/fonts", "/usr/local/share/fonts", "/usr/share/fonts", "/var/cache/fontconfig"]
      + [".fonts", ".local/share/fonts"].map { home.appendingPathComponent($0).path }
  }
}
