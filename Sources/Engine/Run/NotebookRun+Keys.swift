import Core
import Foundation
import Wire

extension NotebookRun {
  /// The cell's key; throws when a value it needs was not stored.
  package func key(of cell: NotebookCell, _ outcomes: [String: CellOutcome]) throws -> CellKey {
    let needs = graph.needs[cell.name] ?? CellGraph.Needs()
    return key(
      code: cell.analysis.tokens, source: cell.source, needs: needs, inputs: Array(try inputs(needs, outcomes).values),
      cell: cell.name, depends: try depends(cell.options.depends, at: cell.place(in: notebook.file)),
      isPinned: cell.options.pinned)
  }

  func key(of unit: RunUnit, inputs: [StoredValue]) throws -> CellKey {
    key(
      code: unit.code, source: unit.source, needs: unit.needs, inputs: inputs, cell: unit.name,
      depends: try depends(unit.depends, at: unit.place), isPinned: unit.isPinned)
  }

  /// The key as far as it can be told without running other cells.
  func independentKey(of cell: NotebookCell) -> CellKey {
    key(
      code: cell.analysis.tokens, source: cell.source, needs: graph.needs[cell.name] ?? CellGraph.Needs(), inputs: [],
      cell: cell.name,
      depends: (try? depends(cell.options.depends, at: cell.place(in: notebook.file))) ?? [:],
      isPinned: cell.options.pinned)
  }

  private func key(
    code: String, source: String, needs: CellGraph.Needs, inputs: [StoredValue], cell: String,
    depends: [String: String],
    isPinned: Bool
  ) -> CellKey {
    let key = CellKey(
      code: code, source: source, needs: needs, values: inputs, notebook: notebook, cell: cell, depends: depends,
      imports: NotebookProgram.imports(notebook), labbook: compiler.library.fingerprint,
      compiler: compiler.toolchain.version)
    return isPinned ? key.pinned : key
  }

  package func inputs(_ needs: CellGraph.Needs, _ outcomes: [String: CellOutcome]) throws -> [String: StoredValue] {
    var inputs: [String: StoredValue] = [:]
    for (name, definer) in needs.values {
      let result: CellResult?
      if case .stale(let old) = outcomes[definer] { result = old } else { result = outcomes[definer]?.result }
      guard let value = result?.values.first(where: { $0.name == name }) else {
        throw NotebookError(
          "the cell \"\(definer)\" could not store `\(name)`: \(result?.unstored[name] ?? "it gave no result")")
      }
      inputs[name] = value
    }
    return inputs
  }

  private func depends(_ paths: [String], at place: Place?) throws -> [String: String] {
    var digests: [String: String] = [:]
    for path in try DependedFiles.paths(paths, in: notebook.folder, at: place) {
      guard let digest = fileDigest(path) else {
        throw NotebookError("`depends` names a file that can't be read: \(path)", at: place)
      }
      digests[path] = digest
    }
    return digests
  }

  package func fileDigest(_ path: String) -> String? {
    let url = URL(fileURLWithPath: path, relativeTo: notebook.folder)
    return FileManager.default.contents(atPath: url.path).map(SHA256.hex)
  }

  /// A stored result with this key that can be used as it is.
  ///
  /// A cell that was pinned after it had run keeps its result: the newest one counts if nothing but Labbook or the
  /// compiler has changed since.
  package func stored(_ key: CellKey, of cell: String, isPinned: Bool) -> CellResult? {
    if let result = store.results(key).first(where: isUsable) { return result }
    guard isPinned, var result = store.latest(notebook.name)[cell], result.key.pinned.digest == key.digest,
      isUsable(result)
    else { return nil }
    result.key = key
    try? store.add(result)
    return result
  }

  /// Whether the files that it read, and the language if it read that, are as they were, and its blobs are all there.
  /// Values are checked when they are read; outputs, which only the report reads, are checked here.
  private func isUsable(_ result: CellResult) -> Bool {
    result.files.allSatisfy { fileDigest($0.path) == $0.sha256 }
      && (result.language ?? notebook.frontMatter.language) == notebook.frontMatter.language
      && store.blob(result.outputs) != nil && result.values.allSatisfy { store.hasBlob($0.sha256) }
  }
}
