import Wire

/// The result of a cell that ran to its end.
package struct CellResult: Codable, Sendable {
  /// A file that the cell read, with the digest of its content then.
  package struct ReadFile: Codable, Hashable, Sendable {
    /// Relative to the notebook's folder, as the cell named it.
    package var path: String
    /// The digest; nil when the cell found no such file.
    package var sha256: String?

    package init(path: String, sha256: String? = nil) {
      self.path = path
      self.sha256 = sha256
    }
  }

  package var cell: String
  package var key: CellKey
  package var files: [ReadFile]
  /// The report's language, if the cell read it.
  package var language: String?
  package var values: [StoredValue]
  /// The names of values that could not be stored, each with the encoder's reason if it gave one.
  package var unstored: [String: String]
  /// The digest of the blob that holds `[CellOutput]`.
  package var outputs: String
  /// The texts of inline expressions by index. Only the prose's own result has any.
  package var expressions: [String: String] = [:]
  /// The figures that the cell recorded. Each name is used once.
  package var metrics: [RecordedMetric]
  /// The descriptions of the devices on which the cell measured, by device name; nil where it measured nothing.
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
  /// The digests of all blobs that belong to the result.
  package var blobs: [String] { values.map(\.sha256) + [outputs] }
}
