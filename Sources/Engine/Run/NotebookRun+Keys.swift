import Foundation
import Wire

extension NotebookRun {
  /// The cell's key; throws when a value it needs was not stored.
  package func key(of cell: NotebookCell, _ outcomes: [String: CellOutcome]) throws -> CellKey {
    let needs = graph.needs[cell.name] ?? CellGraph.Needs()
    return CellKey(
      code: cell.analysis.tokens, source: cell.source, needs: needs,
      values: Array(try inputs(needs, outcomes).values),
      notebook: notebook, cell: cell.name, depends: try depends(cell), imports: NotebookProgram.imports(notebook),
      labbook: compiler.library.fingerprint,
      compiler: compiler.toolchain.version)
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

  package func depends(_ cell: NotebookCell) throws -> [String: String] {
    var digests: [String: String] = [:]
    for path in cell.options.depends {
      guard let digest = fileDigest(path) else {
        throw NotebookError("`depends` names a file that can't be read: \(path)", at: cell.place(in: notebook.file))
      }
      digests[path] = digest
    }
    return digests
  }

  package func fileDigest(_ path: String) -> String? {
    let url = URL(fileURLWithPath: path, relativeTo: notebook.folder)
    return FileManager.default.contents(atPath: url.path).map(SHA256.hex)
  }

  /// A stored result with this key whose files, and the language if it read that, are as they were and whose blobs are all
  /// there. Values are checked when they are read; outputs, which only the report reads, are checked here.
  package func stored(_ key: CellKey) -> CellResult? {
    store.results(key).first { result in
      result.files.allSatisfy { fileDigest($0.path) == $0.sha256 }
        && (result.language ?? notebook.frontMatter.language) == notebook.frontMatter.language
        && store.blob(result.outputs) != nil && result.values.allSatisfy { store.hasBlob($0.sha256) }
    }
  }
}
