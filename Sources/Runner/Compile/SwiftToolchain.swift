import Foundation

/// The Swift compiler that compiles cells.
struct SwiftToolchain: Codable, Hashable, Sendable {
  /// The driver's real path.
  var compiler: String
  /// The first line of `swiftc --version`.
  var version: String
  /// The target triple cells are compiled for.
  var target: String

  var symbolGraphExtractor: String {
    URL(fileURLWithPath: compiler).deletingLastPathComponent().appendingPathComponent("swift-symbolgraph-extract").path
  }

  /// Arguments that choose LLVM's linker where it came with the compiler: it takes half the time.
  var quickLinker: [String] {
    let linker = URL(fileURLWithPath: compiler).deletingLastPathComponent().appendingPathComponent("ld.lld").path
    return FileManager.default.isExecutableFile(atPath: linker) ? ["-use-ld=lld"] : []
  }

  /// The driver on the search path, or the one that `LABBOOK_SWIFTC` names.
  /// - Parameter store: Keeps what the compiler said of itself until the compiler changes.
  /// - Throws: `NotebookError` when there is none.
  static func find(store: Store) async throws -> SwiftToolchain {
    let environment = ProcessInfo.processInfo.environment
    let candidates =
      environment["LABBOOK_SWIFTC"].map { [$0] }
      ?? (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/swiftc" }
    guard let found = candidates.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
      throw NotebookError(
        environment["LABBOOK_SWIFTC"].map { "LABBOOK_SWIFTC names no compiler: \($0)" }
          ?? "there is no Swift compiler (swiftc) on the search path",
        remedy: "Cells are compiled when they run. Install Swift 6.3 (https://www.swift.org/install), add it to PATH.")
    }
    // swiftc is a link to the driver, which tells by its name what to do.
    let folder = URL(fileURLWithPath: found).deletingLastPathComponent().resolvingSymlinksInPath()
    let compiler = folder.appendingPathComponent("swiftc").path
    let stamp = try FileManager.default.attributesOfItem(atPath: folder.appendingPathComponent("swift-frontend").path)
    let modified = (stamp[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
    let identity = "\(compiler) \(stamp[.size] ?? 0) \(modified)"
    if let entry = store.record("toolchain", as: CacheEntry.self), entry.identity == identity {
      return entry.toolchain
    }
    let version = try await Tool.output(of: compiler, ["--version"])
    let information = try await Tool.output(of: compiler, ["-print-target-info"])
    struct TargetInformation: Decodable {
      struct Target: Decodable { var triple: String }
      var target: Target
    }
    let target = try JSONDecoder().decode(TargetInformation.self, from: Data(information.utf8)).target.triple
    let toolchain = SwiftToolchain(
      compiler: compiler, version: version.components(separatedBy: "\n")[0], target: target)
    try? store.setRecord("toolchain", CacheEntry(identity: identity, toolchain: toolchain))
    return toolchain
  }

  private struct CacheEntry: Codable {
    var identity: String
    var toolchain: SwiftToolchain
  }
}
