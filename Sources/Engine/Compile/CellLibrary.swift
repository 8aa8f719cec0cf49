import Foundation
import Wire

/// The dynamic library that cells link, and the module files they compile against.
package struct CellLibrary: Sendable {
  /// The folder that holds `libLabbookCell.so`.
  package var folder: URL
  package var modules: URL
  /// Changes whenever the library does.
  package var fingerprint: String

  /// C modules that the library's own modules import internally. Cells never name them, so the compiler is content with
  /// empty stand-ins and needs no C headers.
  package static let internalModules = [
    "Basics", "CCairo", "CCrypto", "CDeflate", "CElementary", "CKernels", "CStandardOutput", "CYaml",
  ]

  /// The folder of those stand-ins, always the same, so that the compiler finds them as they were when it last read
  /// them.
  package static func standIns(_ cache: UserCache) throws -> URL {
    let text = Data(internalModules.map { "module \($0) {}\n" }.joined().utf8)
    return try cache.write(text, as: "modules-\(SHA256.hex(text).prefix(12))/module.modulemap")
      .deletingLastPathComponent()
  }

  /// Finds the library beside the running executable.
  /// - Parameter cache: Keeps the digest until the library changes.
  package static func find(_ cache: UserCache) throws -> CellLibrary {
    let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    let environment = ProcessInfo.processInfo.environment["LABBOOK_LIBRARY"]
    let folder = environment.map { URL(fileURLWithPath: $0) } ?? executable.deletingLastPathComponent()
    let library = folder.appendingPathComponent("libLabbookCell.so")
    let modules = folder.appendingPathComponent("Modules")
    guard FileManager.default.fileExists(atPath: library.path),
      FileManager.default.fileExists(atPath: modules.appendingPathComponent("Cell.swiftmodule").path)
    else {
      throw NotebookError(
        "the library that cells link, libLabbookCell.so, is not in \(folder.path)",
        remedy: "Build it with `swift build` in Labbook's folder, or name its folder in LABBOOK_LIBRARY.")
    }
    if let kept: String = try cache.fact("library", about: library.path) {
      return CellLibrary(folder: folder, modules: modules, fingerprint: kept)
    }
    let fingerprint = SHA256.hex(try Data(contentsOf: library))
    try cache.keepFact("library", about: library.path, fingerprint)
    return CellLibrary(folder: folder, modules: modules, fingerprint: fingerprint)
  }
}
