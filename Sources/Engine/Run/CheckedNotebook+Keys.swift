import Basics
import Core
import Foundation
import Wire

extension CheckedNotebook {
  /// The cell's key. Throws when an input was not stored.
  package func key(of cell: NotebookCell, _ outcomes: [String: CellRecord]) throws -> CellKey {
    let unit = unit(of: cell)
    return try key(of: unit, inputs: Array(try inputs(unit.needs, outcomes).values))
  }

  func key(of unit: RunUnit, inputs: [StoredValue]) throws -> CellKey {
    key(of: unit, inputs: inputs, depends: try depends(unit.depends, at: unit.place))
  }

  /// The parts of the key that are known without running other cells.
  package func independentKey(of cell: NotebookCell) -> CellKey {
    let unit = unit(of: cell)
    return key(of: unit, inputs: [], depends: (try? depends(unit.depends, at: unit.place)) ?? [:])
  }

  private func key(of unit: RunUnit, inputs: [StoredValue], depends: [String: String]) -> CellKey {
    let key = CellKey(
      code: unit.code, source: unit.source, needs: unit.needs, values: inputs, notebook: notebook, cell: unit.name,
      depends: depends, imports: notebook.imports, tools: tools(of: unit))
    return unit.isPinned ? key.pinned : key
  }

  /// The parts of Labbook and the compiler in a unit's key: the library's modules that it uses, found by the names in
  /// its code, in the declarations that it uses of other cells, and in the types of its inputs and values.
  private func tools(of unit: RunUnit) -> [CellKey.Part] {
    let compiler = CellKey.Part(.compiler, content: compiler)
    guard let modules = library.modules else {
      return [CellKey.Part(.labbook, content: library.fingerprint), compiler]
    }
    let values = unit.needs.values.keys.sorted() + unit.values
    let texts = [unit.code] + unit.needs.declarations.map(\.declaration.tokens) + values.compactMap { types[$0] }
    return modules.used(in: texts).map { CellKey.Part(.module($0.name), content: $0.digest) } + [compiler]
  }

  package func inputs(_ needs: CellGraph.Needs, _ outcomes: [String: CellRecord]) throws -> [String: StoredValue] {
    var inputs: [String: StoredValue] = [:]
    for (name, definer) in needs.values.sorted(by: { $0.key < $1.key }) {
      let result = outcomes[definer]?.shown
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
    let url = notebook.url(path)
    FileRegister.note(url.path)
    return SHA256.hexOfFile(url.path)
  }

  /// A stored result with this key that can be used without running.
  ///
  /// A cell that was pinned after it ran keeps its result: the newest one counts if only Labbook or the compiler has
  /// changed since.
  /// - Parameters:
  ///   - isGiven: Whether the result counts although the files that the cell read are missing or others.
  ///   - latest: The newest results of the notebook's cells, if they were read already. They usually contain the
  ///     result, which then needn't be read from its own file.
  package func stored(
    _ key: CellKey, of cell: String, isPinned: Bool, isGiven: Bool = false, latest: [String: CellResult]? = nil,
    in store: Store
  ) -> CellResult? {
    func isUsable(_ result: CellResult, in store: Store) -> Bool {
      (isGiven || hasUnchangedFiles(result)) && hasContent(result, in: store)
    }
    if let result = latest?[cell], result.key.matches(key), store.hasRecord(of: result), isUsable(result, in: store) {
      return result
    }
    if let result = store.results(key).first(where: { isUsable($0, in: store) }) { return result }
    guard isPinned, var result = (latest ?? store.latest(notebook.name))[cell], result.key.pinned.digest == key.digest,
      isUsable(result, in: store)
    else { return nil }
    result.key = key
    try? store.add(result)
    return result
  }

  /// Whether the files that the cell read are unchanged.
  private func hasUnchangedFiles(_ result: CellResult) -> Bool {
    result.files.allSatisfy { fileDigest($0.path) == $0.sha256 }
  }

  /// Whether the language is unchanged, if the cell read it, and all blobs exist. Values are checked when they are
  /// read; outputs, which only the report reads, are checked here.
  private func hasContent(_ result: CellResult, in store: Store) -> Bool {
    (result.language ?? notebook.frontMatter.language) == notebook.frontMatter.language
      && store.blob(result.outputs) != nil && result.values.allSatisfy { store.hasBlob($0.sha256) }
  }
}
