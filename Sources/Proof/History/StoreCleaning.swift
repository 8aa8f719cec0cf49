import Engine
import Foundation
import Glibc

/// Finds files of a store that can be removed.
///
/// It keeps the newest results of every notebook; the locks, sources and outputs (but not the values) of the runs in
/// the history, which `diff` and `verify` read; unfinished training; and the finished training runs of the version of
/// Labbook that trained last. Everything else is computed again when it is needed.
package struct StoreCleaning: Sendable {
  /// The removable files, each with its size in bytes.
  package private(set) var files: [(url: URL, bytes: Int)] = []
  /// The number of removable files of each kind, for the user.
  package private(set) var counts: [(kind: String, count: Int)] = []

  /// Marks, which are empty files, of removable results.
  private var versions: [URL] = []

  package var bytes: Int { files.map(\.bytes).reduce(0, +) }

  /// - Throws: `NotebookError` while a runner works in the store.
  package init(_ store: Store) async throws {
    try store.requireNoOther(action: "be cleaned")
    let locks = try await HistoryDatabase.existing(store)?.runs().compactMap(\.lock) ?? []
    var keptResults: Set<String> = []
    var keptBlobs = Set(locks)
    var keptVersions: Set<String> = []
    func keep(_ result: CellResult) {
      keptResults.formUnion(store.files(of: result))
      keptBlobs.formUnion(result.values.map(\.sha256) + [result.outputs])
    }
    for digest in locks {
      guard let lock = store.lock(digest: digest) else { continue }
      keptBlobs.insert(lock.notebook.sha256)
      keptBlobs.formUnion(lock.cells.compactMap(\.result?.outputs))
    }
    for name in store.names("proof") where name.hasSuffix(".lock") {
      if let digest: String = store.record("proof/\(name)") { keptBlobs.insert(digest) }
    }
    for notebook in store.names("latest") {
      for result in store.latest(notebook).values {
        keptVersions.insert(result.key.independentDigest)
        keep(result)
      }
      guard let lock = store.lock(of: notebook) else { continue }
      keptBlobs.insert(lock.notebook.sha256)
      lock.cells.compactMap(\.result).forEach(keep)
    }

    let results = store.names("results").flatMap { key in store.names("results/\(key)").map { "results/\(key)/\($0)" } }
    add("results", in: store, results.filter { !keptResults.contains(store.folder.appendingPathComponent($0).path) })
    versions = store.names("versions").filter { !keptVersions.contains($0) }.map {
      store.folder.appendingPathComponent("versions/\($0)")
    }
    add("values and outputs", in: store, store.names("blobs").filter { !keptBlobs.contains($0) }.map { "blobs/\($0)" })
    add("compiled cells", in: store, store.names("programs").map { "programs/\($0)" })
    // Training runs of earlier versions of Labbook.
    let fits = store.names("fits").map { "fits/\($0)" }.sorted { store.modified($0) < store.modified($1) }
    add("trainings", in: store, fits.dropLast().flatMap { folder in store.names(folder).map { "\(folder)/\($0)" } })
    add("finished checks", in: store, store.names("checks").map { "checks/\($0)" })
  }

  private mutating func add(_ kind: String, in store: Store, _ paths: [String]) {
    if paths.isEmpty { return }
    counts.append((kind, paths.count { !$0.hasSuffix(ProgramRecord.fileSuffix) }))
    for path in paths {
      let url = store.folder.appendingPathComponent(path)
      let size = try? FileManager.default.attributesOfItem(atPath: url.path)[.size] as? Int
      files.append((url, size ?? 0))
    }
  }

  /// Removes the files and then the empty folders.
  package func remove() throws {
    for mark in versions { try FileManager.default.removeItem(at: mark) }
    for file in files {
      try FileManager.default.removeItem(at: file.url)
      // `rmdir` refuses to remove a folder that is not empty.
      rmdir(file.url.deletingLastPathComponent().path)
    }
  }
}

extension Store {
  /// The sorted names of the files in one of the store's folders.
  fileprivate func names(_ path: String) -> [String] {
    let names = try? FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent(path).path)
    return (names ?? []).filter { !$0.hasPrefix(".") }.sorted()
  }

  fileprivate func modified(_ path: String) -> Date {
    let attributes = try? FileManager.default.attributesOfItem(atPath: folder.appendingPathComponent(path).path)
    return attributes?[.modificationDate] as? Date ?? .distantPast
  }
}
