import Foundation

/// What a point of a sweep gave that was a process of its own: kept in a file, for the cell's process to collect.
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

  /// The blob of what the sweep's body returned; nil where it threw.
  package var sha256: String?
  /// The text of what it threw.
  package var failure: String?
  /// What it told the runner, in order.
  package var events: [CellEvent]
  /// What it printed.
  package var printed: String
  /// Files that its process read, with what the cell read before the sweep.
  package var files: [ReadFile]

  package init(sha256: String?, failure: String?, events: [CellEvent], printed: String, files: [ReadFile]) {
    self.sha256 = sha256
    self.failure = failure
    self.events = events
    self.printed = printed
    self.files = files
  }

  package static func name(sweep: Int, index: Int) -> String { "\(sweep)-\(index)" }

  /// nil where there is none that is whole.
  package init?(reading file: URL) {
    guard let data = FileManager.default.contents(atPath: file.path), data.count > 65,
      data.prefix(64) == Data(SHA256.hex(Data(data.dropFirst(65))).utf8),
      let value = try? CellJob.decoder.decode(PointValue.self, from: Data(data.dropFirst(65)))
    else { return nil }
    self = value
  }

  /// - Throws: What kept it from reaching the disk, since it would be missed.
  package func write(to file: URL) throws {
    let json = try CellJob.encoder.encode(self)
    try (Data("\(SHA256.hex(json))\n".utf8) + json).writeDurably(to: file, replace: true)
  }

  /// Removes what was thrown, so that these points are run again.
  package static func forgetFailures(in folder: URL) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [] {
      let file = folder.appendingPathComponent(name)
      if name.hasPrefix(".") { continue }
      if PointValue(reading: file)?.sha256 == nil { try? FileManager.default.removeItem(at: file) }
    }
  }
}
