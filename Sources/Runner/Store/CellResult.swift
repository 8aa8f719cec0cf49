@_spi(Runner) import Cell

/// What a cell gave when it ran to its end.
struct CellResult: Codable, Sendable {
  /// A file that the cell read, with the digest of what it read.
  struct ReadFile: Codable, Hashable, Sendable {
    /// Relative to the notebook's folder, as the cell named it.
    var path: String
    /// nil when the cell found no such file.
    var sha256: String?
  }

  var cell: String
  var key: CellKey
  var files: [ReadFile]
  /// The report's language, if the cell asked for it.
  var language: String?
  var values: [StoredValue]
  /// Values that could not be stored, with the reason where the encoder gave one.
  var unstored: [String: String]
  /// The blob of `[CellOutput]`.
  var outputs: String
  /// Texts of inline expressions by index; only the prose's own result has any.
  var expressions: [String: String] = [:]
  /// Figures that it recorded, each name once.
  var metrics: [RecordedMetric]
  var seconds: Double
  var origin: Origin
}
