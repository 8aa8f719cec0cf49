@_spi(Runner) import Cell
import Foundation

/// The `.labbook` folder beside the notebooks: what cells gave, by the content of what went into them.
///
/// ```
/// blobs/<sha256>             values and outputs, each named by its content's digest
/// results/<key>/<files>.json what a cell with this key gave when its files had these contents
/// latest/<notebook>.json     the newest result of each cell of a notebook, fresh or not
/// programs/, checks/         compiled cells and finished type checks
/// temporary/                 work in progress; anything there may be deleted when nothing runs
/// ```
/// Everything is written under a temporary name, flushed and renamed: a power cut leaves the old state or the new one.
struct Store: Sendable {
  let folder: URL

  /// Opens the store of the notebooks in `notebooks`, making it if there is none.
  init(beside notebooks: URL) throws {
    folder = notebooks.appendingPathComponent(".labbook")
    do {
      for name in ["blobs", "results", "latest", "programs", "checks", "modules", "temporary"] {
        try FileManager.default.createDirectory(
          at: folder.appendingPathComponent(name), withIntermediateDirectories: true)
      }
    } catch {
      throw NotebookError(
        "the store \(folder.path) can't be made: \(error.localizedDescription)",
        remedy: "Labbook keeps results beside the notebooks; make that folder writable.")
    }
  }

  var blobs: URL { folder.appendingPathComponent("blobs") }

  /// A new empty folder for work in progress.
  func temporaryFolder(_ purpose: String) throws -> URL {
    let name = "\(purpose)-\(ProcessInfo.processInfo.processIdentifier)-\(UInt32.random(in: 0 ... .max))"
    let url = folder.appendingPathComponent("temporary/\(name)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    return url
  }

  func hasBlob(_ sha256: String) -> Bool {
    FileManager.default.fileExists(atPath: blobs.appendingPathComponent(sha256).path)
  }

  /// The blob's content if it is what its name says; a blob that isn't is thrown away.
  func blob(_ sha256: String) -> Data? {
    let url = blobs.appendingPathComponent(sha256)
    guard let data = FileManager.default.contents(atPath: url.path) else { return nil }
    guard SHA256.hex(data) == sha256 else {
      try? FileManager.default.removeItem(at: url)
      return nil
    }
    return data
  }

  func add(_ data: Data) throws -> String {
    let digest = SHA256.hex(data)
    try data.writeDurably(to: blobs.appendingPathComponent(digest))
    return digest
  }

  /// Results of cells with this key, whatever their files contained.
  func results(_ key: CellKey) -> [CellResult] {
    let folder = folder.appendingPathComponent("results/\(key.digest)")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.sorted().filter { $0.hasSuffix(".json") }.compactMap { name in
      FileManager.default.contents(atPath: folder.appendingPathComponent(name).path)
        .flatMap { try? CellJob.decoder.decode(CellResult.self, from: $0) }
    }
  }

  func add(_ result: CellResult) throws {
    let folder = folder.appendingPathComponent("results/\(result.key.digest)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let files = SHA256.hex(result.files.map { "\($0.path) \($0.sha256)\n" }.sorted().joined())
    try CellJob.encoder.encode(result).writeDurably(
      to: folder.appendingPathComponent("\(files).json"), replace: true)
  }

  /// The newest result of each cell of a notebook, by cell name.
  func latest(_ notebook: String) -> [String: CellResult] {
    let url = folder.appendingPathComponent("latest/\(notebook).json")
    return FileManager.default.contents(atPath: url.path)
      .flatMap { try? CellJob.decoder.decode([String: CellResult].self, from: $0) } ?? [:]
  }

  func setLatest(_ results: [String: CellResult], of notebook: String) throws {
    let data = try CellJob.encoder.encode(results)
    let url = folder.appendingPathComponent("latest/\(notebook).json")
    if FileManager.default.contents(atPath: url.path) == data { return }
    try data.writeDurably(to: url, replace: true)
  }
}
