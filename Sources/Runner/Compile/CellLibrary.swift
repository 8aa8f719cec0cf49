@_spi(Runner) import Cell
import Foundation

/// The dynamic library that cells link, and the module files they compile against.
struct CellLibrary: Sendable {
  /// The folder that holds `libLabbookCell.so`.
  var folder: URL
  var modules: URL
  /// Changes whenever the library does.
  var fingerprint: String

  /// C modules that the library's own modules import internally. Cells never name them, so the compiler is content with
  /// empty stand-ins and needs no C headers.
  static let internalModules = [
    "CCairo", "CCrypto", "CDeflate", "CKernels", "COpenBLAS", "CStandardOutput", "ONNXFormat",
  ]

  /// The folder of those stand-ins: the user's cache, so that the compiler finds them as they were when it last read them,
  /// or the store where that can't be written.
  static func standIns(store: Store) throws -> URL {
    let text = Data(internalModules.map { "module \($0) {}\n" }.joined().utf8)
    let name = "labbook/modules-\(SHA256.hex(text).prefix(12))"
    let caches = FileManager.default.urls(for: .cachesDirectory, in: .userDomainMask).first
    for parent in [caches, store.folder].compactMap({ $0 }) {
      let folder = parent.appendingPathComponent(name)
      let map = folder.appendingPathComponent("module.modulemap")
      if FileManager.default.contents(atPath: map.path) == text { return folder }
      do {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try text.writeDurably(to: map, replace: true)
        return folder
      } catch  where parent != store.folder {
        continue
      }
    }
    return store.folder.appendingPathComponent(name)
  }

  /// Finds the library beside the running executable.
  /// - Parameter store: Keeps the digest until the library changes.
  static func find(store: Store) throws -> CellLibrary {
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
    let stamp = try FileManager.default.attributesOfItem(atPath: library.path)
    let modified = (stamp[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
    let identity = "\(library.path) \(stamp[.size] ?? 0) \(modified)"
    if let cached = store.record("library", as: [String].self), cached.first == identity {
      return CellLibrary(folder: folder, modules: modules, fingerprint: cached[1])
    }
    let fingerprint = SHA256.hex(try Data(contentsOf: library))
    try? store.setRecord("library", [identity, fingerprint])
    return CellLibrary(folder: folder, modules: modules, fingerprint: fingerprint)
  }
}
