import Wire

/// The result of a cell that ran to its end.
package struct CellResult: Codable, Sendable {
  /// A file that the cell read, with the digest of what it read.
  package struct ReadFile: Codable, Hashable, Sendable {
    /// Relative to the notebook's folder, as the cell named it.
    package var path: String
    /// nil when the cell found no such file.
    package var sha256: String?

    package init(path: String, sha256: String? = nil) {
      self.path = path
      self.sha256 = sha256
    }
  }

  package var cell: String
  package var key: CellKey
  package var files: [ReadFile]
  /// The report's language, if the cell asked for it.
  package var language: String?
  package var values: [StoredValue]
  /// Values that could not be stored, with the reason where the encoder gave one.
  package var unstored: [String: String]
  /// The blob of `[CellOutput]`.
  package var outputs: String
  /// Texts of inline expressions by index; only the prose's own result has any.
  package var expressions: [String: String] = [:]
  /// Figures that it recorded, each name once.
  package var metrics: [RecordedMetric]
  /// What devices that it measured on said of themselves, by their names; nil where it measured nothing.
  package var devices: [String: [String: String]]?
  package var seconds: Double
  package var origin: Origin
}

extension CellKey {
  /// The files that the cell's `depends` option names.
  package var dependedFiles: [CellResult.ReadFile] {
    parts.compactMap { part in
      guard case .file(let path) = part.kind else { return nil }
      return CellResult.ReadFile(path: path, sha256: part.content)
    }
  }
}

extension CellResult {
  /// Digests of the blobs that hold it.
  package var blobs: [String] { values.map(\.sha256) + [outputs] }
}
