import Foundation
import Wire

/// The dynamic library that cells link, and the module files that they are compiled against.
package struct CellLibrary: Sendable {
  /// The folder that holds `libLabbookCell.so`.
  package var folder: URL
  package var modules: URL
  package var identity: LibraryIdentity
  /// Whether nothing has been cached about the library yet.
  package var isNew = false

  private var file: URL { folder.appendingPathComponent("libLabbookCell.so") }

  /// C modules that the library's own modules import internally. Cells never name them, so that empty stand-in
  /// modules satisfy the compiler and no C headers are needed.
  package static let internalModules = [
    "Basics", "CCairo", "CCrypto", "CDeflate", "CElementary", "CKernels", "COneDNN", "CPictures", "CProcess",
    "CStandardOutput", "CYaml",
  ]

  /// The folder of those stand-ins. It never changes, so that the compiler's module cache stays valid.
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
    if let kept: LibraryIdentity = try cache.fact("library", about: library.path) {
      return CellLibrary(folder: folder, modules: modules, identity: kept)
    }
    // The library's modules are identified later, with the compiler's help: see `NotebookCompiler`.
    let identity = LibraryIdentity(fingerprint: SHA256.hex(try Data(contentsOf: library)))
    return CellLibrary(folder: folder, modules: modules, identity: identity, isNew: true)
  }
  /// Identifies the library's modules, and caches the answer until the library changes.
  /// - Parameter standIns: The folder of empty C modules.
  package mutating func identify(
    _ toolchain: SwiftToolchain, standIns: URL, moduleCache: URL, cache: UserCache
  ) async throws {
    guard isNew else { return }
    isNew = false
    let list = folder.appendingPathComponent("LabbookCell.product/Objects.LinkFileList")
    if let digests = LinkedObjects.digests(library: file, list: list) {
      let counted = Set(LibraryModules.below.keys)
      var names = ModuleNames(modules: counted)
      let temporary = try TemporaryFolder("interfaces")
      // C modules have no names that a cell could mention. Of the modules that always count, cells see only Cell.
      let swift = digests.keys.filter { counted.contains($0) || $0 == "Cell" }.filter { Self.hasInterface($0, modules) }
      let isKnown = await withTaskGroup(of: Bool.self) { group in
        for module in swift {
          group.addTask { [modules] in
            let tool = URL(fileURLWithPath: toolchain.compiler).deletingLastPathComponent()
              .appendingPathComponent("swift-symbolgraph-extract").path
            let result = try? await Tool.run(
              tool,
              ["-module-name", module, "-I", modules.path, "-I", standIns.path, "-target", toolchain.target]
                + ["-module-cache-path", moduleCache.path, "-output-dir", temporary.url.path]
                + ["-minimum-access-level", "public", "-skip-synthesized-members", "-skip-inherited-docs"])
            return result?.succeeded ?? false
          }
        }
        return await group.reduce(true) { $0 && $1 }
      }
      let files = (try? FileManager.default.contentsOfDirectory(atPath: temporary.url.path)) ?? []
      for file in files.sorted() {
        try names.add(file, Data(contentsOf: temporary.url.appendingPathComponent(file)))
      }
      if isKnown { identity.modules = LibraryModules(digests: digests, users: names.users.mapValues { $0.sorted() }) }
    }
    try cache.keepFact("library", about: file.path, identity)
  }

  private static func hasInterface(_ module: String, _ modules: URL) -> Bool {
    FileManager.default.fileExists(atPath: modules.appendingPathComponent("\(module).swiftmodule").path)
  }
}
