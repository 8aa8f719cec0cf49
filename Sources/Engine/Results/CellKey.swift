import Wire

/// Everything that a cell's result depends on, except the files it reads: equal keys give equal results.
package struct CellKey: Codable, Hashable, Sendable {
  /// One ingredient, named so that a change can be explained.
  package struct Part: Codable, Hashable, Sendable {
    /// `code`, `value data`, `type data`, `declaration helper`, `parameter width`, `seed`, `labbook`, `compiler`.
    package var name: String
    /// A digest, or the value itself where it is short.
    package var content: String
    /// What the content is a digest of, where a reader may want to see it.
    package var source: String?

    package init(name: String, content: String, source: String? = nil) {
      self.name = name
      self.content = content
      self.source = source
    }

    /// Whether it tells of a value of another cell.
    package var isTakenIn: Bool { name.hasPrefix("value ") || name.hasPrefix("type ") }

    /// What to show of the content: its source, or the beginning of its digest.
    package var text: String {
      source ?? (content.count == 64 ? String(content.prefix(12)) : content)
    }
  }

  package var parts: [Part]

  /// SHA-256 over all parts.
  package var digest: String {
    SHA256.hex(parts.map { "\($0.name)\0\($0.content)\0" }.joined())
  }

  /// SHA-256 over the parts that can be told without running other cells.
  package var independentDigest: String {
    CellKey(parts: parts.filter { !$0.isTakenIn }).digest
  }

  /// The key of a cell whose result outlives changes of Labbook and of the compiler.
  package var pinned: CellKey {
    CellKey(parts: parts.filter { !["labbook", "compiler"].contains($0.name) })
  }

  private init(parts: [Part]) {
    self.parts = parts
  }

  /// - Parameters:
  ///   - code: The cell's tokens.
  ///   - source: The cell's source, to be shown when its code changed.
  ///   - values: The values it takes in.
  ///   - depends: Digests of the files that its `depends` option names, by path.
  ///   - imports: The notebook's import lines.
  ///   - labbook: A digest of the library that cells link.
  ///   - compiler: Its version.
  package init(
    code: String, source: String, needs: CellGraph.Needs, values: [StoredValue], notebook: Notebook, cell: String,
    depends: [String: String], imports: [String], labbook: String, compiler: String
  ) {
    parts = [Part(name: "code", content: SHA256.hex(code), source: source)]
    parts += [Part(name: "imports", content: imports.joined(separator: "; "))]
    // By name, since it doesn't matter in which order they stand.
    parts += needs.declarations.map { item in
      Part(
        name: "declaration \(item.declaration.name)", content: SHA256.hex(item.declaration.tokens),
        source: item.declaration.text)
    }.sorted { ($0.name, $0.content) < ($1.name, $1.content) }
    for value in values.sorted(by: { $0.name < $1.name }) {
      parts.append(Part(name: "value \(value.name)", content: value.identity))
      // Values of several types are stored as the same bytes: 3 is an Int and an Int8.
      parts.append(Part(name: "type \(value.name)", content: value.type))
    }
    // Who takes them all as one value may print them in their order.
    let all = notebook.frontMatter.parameters
    let read = all.filter { needs.parameters.contains($0.name) }.sorted { $0.name < $1.name }
    for parameter in needs.parameters.contains("*") ? all : read {
      parts.append(Part(name: "parameter \(parameter.name)", content: "\(parameter.type) \(parameter.json)"))
    }
    for (path, digest) in depends.sorted(by: { $0.key < $1.key }) {
      parts.append(Part(name: "file \(path)", content: digest))
    }
    parts.append(Part(name: "seed", content: String(CellSeed.value(notebook: notebook.frontMatter.seed, cell: cell))))
    parts.append(Part(name: "labbook", content: labbook))
    parts.append(Part(name: "compiler", content: compiler))
  }
}
