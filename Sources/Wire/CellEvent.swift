import Core
import Plot

/// What a cell's process tells the runner, one JSON object a line in the order in which things happened.
package enum CellEvent: Codable, Sendable {
  /// Execution reached the top-level statement at this line of the notebook.
  case reached(line: Int)
  /// A file was read through Labbook's loaders; the digest is of the content as read, nil where there was no file.
  case read(path: String, sha256: String?)
  /// The cell asked for the report's language.
  case readLanguage(String)
  /// Something to show, after so many bytes of standard output.
  case shown(Shown, after: Int)
  /// A top-level value was stored for later cells.
  case handedOn(StoredValue)
  /// A top-level value can't be stored.
  case notHandedOn(name: String, type: String, reason: String?)
  /// An inline expression's value as text.
  case expression(index: Int, text: String)
  /// A figure was recorded.
  case recorded(RecordedMetric)
  /// Models were measured on this device, which said of itself what is here by name.
  case measured(device: String, facts: [String: String])
  /// An epoch of a training run ended; `earlier` of them an earlier process did.
  case epoch(run: String, EpochRecord, of: Int, earlier: Int)
  /// The cell's own account of how far it is, from 0 to 1.
  case progress(Double, note: String)
  /// An error was thrown to the top level.
  case threw(message: String)
  /// An input's stored bytes are not what was stored.
  case corruptInput(name: String, path: String)
  /// The cell came to a sweep whose points are processes of their own, and ended: these are still to be run.
  case distributing(sweep: Int, missing: [Int], of: Int)
  /// Where the cell's job stands in a queue, or on which machine: told by the runner.
  case placed(String)
  /// The cell ran to its end.
  case finished
}

extension CellEvent {
  /// The exit code of a process that can't write its events.
  package static let lostExitCode: Int32 = 74
}

/// A displayed value.
package enum Shown: Codable, Sendable {
  case chart(Chart)
  case table(Table)
  case text(String)
  case markdown(String)
}

/// A value in the store: its content is the blob named by the digest.
package struct StoredValue: Codable, Hashable, Sendable {
  package var name: String
  package var type: String
  package var sha256: String
  package var bytes: Int
  /// The digest of the value without the times measured while it was made, where it holds any.
  package var timeless: String?

  package init(name: String, type: String, sha256: String, bytes: Int, timeless: String? = nil) {
    self.name = name
    self.type = type
    self.sha256 = sha256
    self.bytes = bytes
    self.timeless = timeless
  }

  /// What tells the value from others: equal for values that differ in measured times alone.
  package var identity: String { timeless ?? sha256 }
}
