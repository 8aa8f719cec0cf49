@_spi(Runner) import Cell

/// Everything that a cell's result depends on, except the files it reads: equal keys give equal results.
struct CellKey: Codable, Hashable, Sendable {
  /// One ingredient, named so that a change can be explained.
  struct Part: Codable, Hashable, Sendable {
    /// `code`, `value data`, `declaration helper`, `parameter width`, `seed`, `labbook`, `compiler`.
    var name: String
    /// A digest, or the value itself where it is short.
    var content: String
    /// What the content is a digest of, where a reader may want to see it.
    var source: String?

    /// What to show of the content: its source, or the beginning of its digest.
    var text: String {
      source ?? (content.count == 64 ? String(content.prefix(12)) : content)
    }
  }

  var parts: [Part]

  /// SHA-256 over all parts.
  var digest: String {
    SHA256.hex(parts.map { "\($0.name)\0\($0.content)\0" }.joined())
  }

  /// - Parameters:
  ///   - code: The cell's tokens.
  ///   - source: The cell's source, to be shown when its code changed.
  ///   - values: Digests of the values it takes in, by name.
  ///   - depends: Digests of the files that its `depends` option names, by path.
  init(
    code: String, source: String, needs: CellGraph.Needs, values: [String: String], notebook: Notebook, cell: String,
    depends: [String: String], compiler: NotebookCompiler
  ) {
    parts = [Part(name: "code", content: SHA256.hex(code), source: source)]
    parts += [Part(name: "imports", content: NotebookProgram.imports(notebook).joined(separator: "; "))]
    for item in needs.declarations {
      parts.append(
        Part(
          name: "declaration \(item.declaration.name)", content: SHA256.hex(item.declaration.tokens),
          source: item.declaration.text))
    }
    for (name, digest) in values.sorted(by: { $0.key < $1.key }) {
      parts.append(Part(name: "value \(name)", content: digest))
    }
    for parameter in notebook.frontMatter.parameters
    where needs.parameters.contains(parameter.name) || needs.parameters.contains("*") {
      parts.append(Part(name: "parameter \(parameter.name)", content: "\(parameter.type) \(parameter.json)"))
    }
    for (path, digest) in depends.sorted(by: { $0.key < $1.key }) {
      parts.append(Part(name: "file \(path)", content: digest))
    }
    parts.append(Part(name: "seed", content: String(CellSeed.value(notebook: notebook.frontMatter.seed, cell: cell))))
    parts.append(Part(name: "language", content: notebook.frontMatter.language))
    parts.append(Part(name: "labbook", content: compiler.library.fingerprint))
    parts.append(Part(name: "compiler", content: compiler.toolchain.version))
  }
}
