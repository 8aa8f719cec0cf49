import Foundation

/// The Swift compiler that compiles cells.
package struct SwiftToolchain: Codable, Hashable, Sendable {
  /// The driver's path, with links resolved.
  package var compiler: String
  /// The compiler's own version line: `Swift version 6.3.1 (swift-6.3.1-RELEASE)`.
  package var version: String
  /// The target triple cells are compiled for.
  package var target: String

  /// The compiler frontend, which runs one step of a compilation.
  package var frontend: String {
    URL(fileURLWithPath: compiler).deletingLastPathComponent().appendingPathComponent("swift-frontend").path
  }

  /// Arguments that choose LLVM's linker (lld) where the toolchain includes it. Linking takes half the time with it.
  package var quickLinker: [String] {
    let linker = URL(fileURLWithPath: compiler).deletingLastPathComponent().appendingPathComponent("ld.lld").path
    return FileManager.default.isExecutableFile(atPath: linker) ? ["-use-ld=lld"] : []
  }

  /// Finds the compiler driver: the one that `LABBOOK_SWIFTC` names, or the first on the search path.
  /// - Parameter cache: Keeps the compiler's version and target until the compiler changes.
  /// - Throws: `NotebookError` when there is no compiler.
  package static func find(_ cache: UserCache) async throws -> SwiftToolchain {
    let environment = ProcessInfo.processInfo.environment
    // A relative folder in PATH is skipped, because it could be a folder of the notebook's.
    let candidates =
      environment["LABBOOK_SWIFTC"].map { [$0] }
      ?? (environment["PATH"] ?? "").split(separator: ":").filter { $0.hasPrefix("/") }.map { "\($0)/swiftc" }
    guard let found = candidates.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
      throw NotebookError(
        environment["LABBOOK_SWIFTC"].map { "LABBOOK_SWIFTC names no compiler: \($0)" }
          ?? "there is no Swift compiler (swiftc) on the search path",
        remedy: "Cells are compiled when they run. "
          + "Install Swift 6.3 (https://www.swift.org/install) and add it to PATH.")
    }
    // swiftc is a link to the driver, which chooses its mode by the name under which it is started.
    let folder = URL(fileURLWithPath: found).deletingLastPathComponent().resolvingSymlinksInPath()
    let compiler = folder.appendingPathComponent("swiftc").path
    let frontend = folder.appendingPathComponent("swift-frontend").path
    if let kept: SwiftToolchain = try cache.fact("toolchain", about: frontend) { return kept }
    struct Information: Decodable {
      struct Target: Decodable { var triple: String }
      var compilerVersion: String
      var target: Target
    }
    let information = try JSONDecoder().decode(
      Information.self, from: Data(try await Tool.output(of: frontend, ["-frontend", "-print-target-info"]).utf8))
    let toolchain = SwiftToolchain(
      compiler: compiler, version: information.compilerVersion, target: information.target.triple)
    try cache.keepFact("toolchain", about: frontend, toolchain)
    return toolchain
  }
}
