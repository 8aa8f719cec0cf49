import Foundation
import Glibc
import Synchronization
import Wire

/// The `.labbook` folder beside the notebooks. It keeps the cells' results under digests of the inputs that made
/// them.
///
/// ```
/// blobs/<sha256>          values (CBOR) and outputs (JSON), each named by its content's digest
/// results/<key>/<files>   the result of a cell with this key, read files with these digests
/// versions/<digest>       a mark for every key's digest without the cell's inputs
/// latest/<notebook>       the newest result of each cell of a notebook, fresh or not
/// proof/<notebook>.*      the lock of a notebook's newest report, and the result of verifying it
/// history.sqlite          past runs, with their times, durations and figures
/// programs/, checks/      compiled cells and finished type checks
/// locks/                  held by a runner while it works on a key
/// jobs/                   jobs of a cluster, until their cell's result is there
/// temporary/              work in progress, removed with the runner that made it
/// ```
/// Everything is written under a temporary name, flushed and renamed, so that a power cut leaves the old state or the
/// new one. Everything that is read is checked against its digest. Damaged files are reported, deleted and made
/// again.
package struct Store: Sendable {
  package let folder: URL
  package let notices: StoreNotices
  /// The kind of locks by which runners exclude each other in the store.
  package let locking: StoreLocking
  private let owner: TemporaryOwner
  /// The folder's path. A plan asks for thousands of files, and a path is made much faster of text than of URLs.
  private let path: String

  /// The store's folder for the notebooks in `notebooks`.
  package static func folder(beside notebooks: URL) -> URL { notebooks.appendingPathComponent(".labbook") }

  /// Opens the store of the notebooks in `notebooks`, and makes it if it doesn't exist. If the folder can't be
  /// written, this run's results go to a temporary folder, and a notice says so.
  package init(beside notebooks: URL) throws {
    let notices = StoreNotices()
    let folder = Self.folder(beside: notebooks)
    do {
      try Self.prepare(folder)
      self.folder = folder
    } catch {
      var temporary = FileManager.default.temporaryDirectory
      do {
        temporary = try TemporaryFolder.make("store")
        try Self.prepare(temporary)
      } catch {
        throw NotebookError(
          "results can be written neither to \(folder.path) nor to \(temporary.path): \(error)",
          remedy: "Labbook keeps results beside the notebooks. Free disk space, or make that folder writable.")
      }
      notices.add("the store \(folder.path) can't be written: results are kept for this run only (\(error))")
      self.folder = temporary
    }
    self.notices = notices
    path = self.folder.path
    locking = StoreLocking.needed(in: self.folder)
    owner = TemporaryOwner(self.folder, isStoreTemporary: self.folder != folder, locking: locking)
    owner.removeAbandoned()
    if !UserKey.user.isKept {
      var problem = "your key can't be stored in \(UserFolder.configuration?.path ?? "~/.config/labbook")"
      var remedy = "Set XDG_CONFIG_HOME to a writable folder"
      if let file = UserKey.user.damagedFile {
        problem = "\(file) can't be read as your key"
        remedy = "Remove that file, and the next run makes a new key"
      }
      notices.add(
        "\(problem): the next run will not recognise these results as yours, and will compute them again. \(remedy)")
    }
  }

  private static func prepare(_ folder: URL) throws {
    for name in [
      "blobs", "results", "versions", "latest", "proof", "programs", "checks", "locks", "temporary",
    ] {
      let path = folder.appendingPathComponent(name)
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: path.path, isDirectory: &isFolder) {
        if isFolder.boolValue { continue }
        // A plain file in place of a folder holds nothing that the store needs.
        try FileManager.default.removeItem(at: path)
      }
      try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
    }
    // The folder's permissions don't suffice: the file system may be read-only or full. So a file is written.
    let probe = folder.appendingPathComponent("temporary/.probe-\(getpid())-\(UInt32.random(in: 0 ... .max))")
    try Data(repeating: 0x20, count: 4096).writeDurably(to: probe)
    unlink(probe.path)
  }

  /// - Throws: `NotebookError` while another runner is at work in the store.
  package func requireNoOther(action: String) throws {
    guard owner.removeAbandoned() else { return }
    throw NotebookError(
      "the store \(folder.path) can't \(action): a run is at work in it", remedy: "Wait for its end, or interrupt it.")
  }

  package var blobs: URL { folder.appendingPathComponent("blobs") }

  /// A new empty folder for work in progress.
  package func temporaryFolder(_ purpose: String) throws -> URL {
    try owner.newFolder(purpose)
  }

  /// A lease on this store's runner, which a cell watches.
  package func lease(_ kind: CellLease.Kind) -> CellLease {
    owner.lease.lease(kind)
  }

  // MARK: Blobs

  package func hasBlob(_ sha256: String) -> Bool {
    access("\(path)/blobs/\(sha256)", F_OK) == 0
  }

  /// The blob's content if it matches its digest; otherwise the blob is deleted.
  package func blob(_ sha256: String) -> Data? {
    guard let data = FileManager.default.contents(atPath: "\(path)/blobs/\(sha256)") else { return nil }
    guard SHA256.hex(data) == sha256 else {
      discard(blobs.appendingPathComponent(sha256))
      return nil
    }
    return data
  }

  package func add(_ data: Data) throws -> String {
    let digest = SHA256.hex(data)
    try? FileManager.default.createDirectory(at: blobs, withIntermediateDirectories: true)
    try data.writeDurably(to: blobs.appendingPathComponent(digest))
    return digest
  }

  /// Deletes a damaged file and reports it.
  package func discard(_ url: URL) {
    let name = url.path.hasPrefix(folder.path) ? String(url.path.dropFirst(folder.path.count + 1)) : url.path
    notices.add("\(name) in the store was damaged and is deleted; its content will be computed again")
    try? FileManager.default.removeItem(at: url)
  }

  // MARK: Records

  package func record<Value: Decodable>(_ path: String, as type: Value.Type = Value.self) -> Value? {
    let url = folder.appendingPathComponent(path)
    guard let data = FileManager.default.contents(atPath: url.path) else { return nil }
    switch StoreRecord.reading(data, as: path) {
    case .json(let json): return StoreRecord.value(json)
    case .damaged: discard(url)
    case .foreign:
      // A new record will replace the foreign one.
      notices.add(
        "the store \(folder.path) holds results that were not made with your key: they are not used, and are "
          + "computed again")
    }
    return nil
  }

  package func setRecord(_ path: String, _ value: some Encodable) throws {
    let url = folder.appendingPathComponent(path)
    let data = try StoreRecord.data(value, as: path)
    if FileManager.default.contents(atPath: url.path) == data { return }
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder), isFolder.boolValue { discard(url) }
    // A cell may have deleted the folder.
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.writeDurably(to: url, replace: true)
  }

  // MARK: Results

  /// The results of cells with this key, for any content of the files that they read.
  package func results(_ key: CellKey) -> [CellResult] {
    let path = "results/\(key.digest)"
    let names = try? FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent(path).path)
    return (names ?? []).sorted().filter { !$0.hasPrefix(".") }.compactMap { record("\(path)/\($0)") }
  }

  package func add(_ result: CellResult) throws {
    let path = recordPath(of: result)
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent(path).deletingLastPathComponent(), withIntermediateDirectories: true)
    try setRecord(path, result)
    // If this mark is missing, only a plan is less exact.
    _ = FileManager.default.createFile(atPath: version(result.key), contents: nil)
  }

  /// Whether a result's own record exists, so that it was not removed since the result became the newest one.
  package func hasRecord(of result: CellResult) -> Bool {
    access("\(path)/\(recordPath(of: result))", F_OK) == 0
  }

  private func recordPath(of result: CellResult) -> String {
    let read = result.files.map { "\($0.path) \($0.sha256 ?? "absent")\n" }.sorted() + [result.language ?? ""]
    return "results/\(result.key.digest)/\(SHA256.hex(read.joined()))"
  }

  /// The files that hold a result: its record and its blobs.
  package func files(of result: CellResult) -> [String] {
    ["\(path)/\(recordPath(of: result))"]
      + (result.values.map(\.sha256) + [result.outputs]).map { "\(path)/blobs/\($0)" }
  }

  /// Whether the store has a result of a cell with this key, ignoring the cell's inputs.
  package func hasVersion(_ key: CellKey) -> Bool {
    access(version(key), F_OK) == 0
  }

  private func version(_ key: CellKey) -> String {
    "\(path)/versions/\(key.independentDigest)"
  }

  /// The newest result of each cell of a notebook, by cell name.
  package func latest(_ notebook: String) -> [String: CellResult] {
    record("latest/\(notebook)") ?? [:]
  }

  /// Stores these as the newest results of their cells, and removes cells that the notebook no longer has.
  package func setLatest(_ results: [String: CellResult], of notebook: String, cells: Set<String>) async throws {
    let lock = try await StoreLock.acquire("latest-\(notebook)", in: self)
    defer { lock.release() }
    let merged = latest(notebook).merging(results) { _, new in new }.filter { cells.contains($0.key) }
    try setRecord("latest/\(notebook)", merged)
  }
}

/// Problems that a run found in its store.
package final class StoreNotices: Sendable {
  private let list = Mutex<[String]>([])

  package var all: [String] { list.withLock { $0 } }

  package func add(_ notice: String) {
    list.withLock { if !$0.contains(notice) { $0.append(notice) } }
  }
}

extension Store {
  /// The output that a cell printed and showed, in order.
  package func outputs(of result: CellResult) -> [CellOutput] {
    guard let data = blob(result.outputs) else { return [] }
    return (try? CellJob.decoder.decode([CellOutput].self, from: data)) ?? []
  }
}
