import Foundation

/// The result of a point of a sweep that ran in its own process. It is kept in a file until the cell's process
/// collects it.
package struct PointValue: Codable, Sendable {
  /// A file that the point's process read.
  package struct ReadFile: Codable, Hashable, Sendable {
    package var path: String
    package var sha256: String?

    package init(path: String, sha256: String?) {
      self.path = path
      self.sha256 = sha256
    }
  }

  /// The digest of the blob with the returned value; nil if the point threw an error.
  package var sha256: String?
  /// The text of the thrown error.
  package var failure: String?
  /// The events that it sent to the runner, in order.
  package var events: [CellEvent]
  /// Its printed output.
  package var printed: String
  /// The files that its process read, including those that the cell read before the sweep.
  package var files: [ReadFile]

  package init(sha256: String?, failure: String?, events: [CellEvent], printed: String, files: [ReadFile]) {
    self.sha256 = sha256
    self.failure = failure
    self.events = events
    self.printed = printed
    self.files = files
  }

  package static func name(sweep: Int, index: Int) -> String { "\(sweep)-\(index)" }

  /// nil if the file doesn't exist or is incomplete.
  package init?(reading file: URL) {
    guard let data = FileManager.default.contents(atPath: file.path), data.count > 65,
      data.prefix(64) == Data(SHA256.hex(Data(data.dropFirst(65))).utf8),
      let value = try? CellJob.decoder.decode(PointValue.self, from: Data(data.dropFirst(65)))
    else { return nil }
    self = value
  }

  /// - Throws: The error that kept the file from reaching the disk, because its loss would go unnoticed.
  package func write(to file: URL) throws {
    let json = try CellJob.encoder.encode(self)
    try (Data("\(SHA256.hex(json))\n".utf8) + json).writeDurably(to: file, replace: true)
  }

  /// Removes the results of failed points, so that these points run again.
  package static func forgetFailures(in folder: URL) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [] {
      let file = folder.appendingPathComponent(name)
      if name.hasPrefix(".") { continue }
      if PointValue(reading: file)?.sha256 == nil { try? FileManager.default.removeItem(at: file) }
    }
  }
}
