import Wire

/// The key of a cell's result: everything that the result depends on, except the files it reads. Equal keys mean
/// equal results.
package struct CellKey: Codable, Hashable, Sendable {
  /// One part of the key. Its name lets `labbook why` explain a change.
  package struct Part: Hashable, Sendable {
    package var kind: KeyPart
    /// A digest, or the value itself where it is short.
    package var content: String
    /// The text that the content is a digest of, where a reader may want to see it.
    package var source: String?

    package init(_ kind: KeyPart, content: String, source: String? = nil) {
      self.kind = kind
      self.content = content
      self.source = source
    }

    /// The text shown for the content: its source, or the first digits of its digest.
    package var text: String {
      source ?? (content.count == 64 ? String(content.prefix(12)) : content)
    }
  }

  package var parts: [Part]

  /// The SHA-256 of all parts.
  package var digest: String {
    SHA256.hex(parts.map { "\($0.kind.name)\0\($0.content)\0" }.joined())
  }

  /// The SHA-256 of the parts that are known without running other cells.
  package var independentDigest: String {
    CellKey(parts: parts.filter { !$0.kind.isTakenIn }).digest
  }

  /// Whether the keys are of the same result: their parts are equal, whatever text shows them.
  package func matches(_ other: CellKey) -> Bool {
    parts.elementsEqual(other.parts) { $0.kind == $1.kind && $0.content == $1.content }
  }

  /// The key of a pinned cell, without the parts of Labbook and the compiler.
  package var pinned: CellKey {
    CellKey(parts: parts.filter { !$0.kind.isTool })
  }

  private init(parts: [Part]) {
    self.parts = parts
  }

  /// - Parameters:
  ///   - code: The cell's tokens.
  ///   - source: The cell's source, which is shown when its code changes.
  ///   - values: The cell's inputs.
  ///   - depends: The digests of the files that the `depends` option names, by path.
  ///   - imports: The notebook's import lines.
  ///   - tools: The parts of Labbook and the compiler that the result depends on.
  package init(
    code: String, source: String, needs: CellGraph.Needs, values: [StoredValue], notebook: Notebook, cell: String,
    depends: [String: String], imports: [String], tools: [Part]
  ) {
    parts = [Part(.code, content: SHA256.hex(code), source: source)]
    parts += [Part(.imports, content: imports.joined(separator: "; "))]
    // The declarations are sorted by name, because their order doesn't matter.
    parts += needs.declarations.map { item in
      Part(
        .declaration(item.declaration.name), content: SHA256.hex(item.declaration.tokens),
        source: item.declaration.text)
    }.sorted { ($0.kind.name, $0.content) < ($1.kind.name, $1.content) }
    for value in values.sorted(by: { $0.name < $1.name }) {
      parts.append(Part(.value(value.name), content: value.identity))
      // Values of different types can have the same stored bytes: 3 as an Int and as an Int8. So the type is a part
      // too.
      parts.append(Part(.type(value.name), content: value.type))
    }
    // A cell that uses `params` as a whole can observe the parameters' order, so it counts.
    let all = notebook.frontMatter.parameters
    let read = all.filter { needs.parameters.contains($0.name) }.sorted { $0.name < $1.name }
    for parameter in needs.parameters.contains("*") ? all : read {
      parts.append(Part(.parameter(parameter.name), content: "\(parameter.type) \(parameter.json)"))
    }
    for (path, digest) in depends.sorted(by: { $0.key < $1.key }) {
      parts.append(Part(.file(path), content: digest))
    }
    parts.append(Part(.seed, content: String(CellSeed.value(notebook: notebook.frontMatter.seed, cell: cell))))
    parts += tools
  }
}

extension CellKey.Part: Codable {
  private enum CodingKeys: String, CodingKey { case name, content, source }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let name = try container.decode(String.self, forKey: .name)
    guard let kind = KeyPart(name: name) else {
      throw DecodingError.dataCorruptedError(
        forKey: .name, in: container, debugDescription: "\"\(name)\" is no part of a cell's key")
    }
    self.kind = kind
    content = try container.decode(String.self, forKey: .content)
    source = try container.decodeIfPresent(String.self, forKey: .source)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(kind.name, forKey: .name)
    try container.encode(content, forKey: .content)
    try container.encodeIfPresent(source, forKey: .source)
  }
}
