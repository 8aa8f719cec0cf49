import Core
import Plot

/// An event that a cell's process reports to the runner. Events are written as JSON lines, in order.
package enum CellEvent: Codable, Sendable {
  /// Execution reached the top-level statement at this line of the notebook.
  case reached(line: Int)
  /// A file was read through Labbook's loaders. The digest is that of the content, or nil if the file didn't exist.
  case read(path: String, sha256: String?)
  /// The cell read the report's language.
  case readLanguage(String)
  /// A value was shown, after this number of bytes of standard output.
  case shown(Shown, after: Int)
  /// A top-level value was stored for later cells.
  case handedOn(StoredValue)
  /// A top-level value can't be stored.
  case notHandedOn(name: String, type: String, reason: String?)
  /// An inline expression was evaluated; its value is given as text.
  case expression(index: Int, text: String)
  /// A figure was recorded.
  case recorded(RecordedMetric)
  /// Models were measured on this device. The facts are the device's description of itself, by name.
  case measured(device: String, facts: [String: String])
  /// An epoch of a training run ended. `earlier` is the number of epochs that an earlier process did.
  case epoch(run: String, EpochRecord, of: Int, earlier: Int)
  /// The cell reported its own progress, from 0 to 1.
  case progress(Double, note: String)
  /// An error was thrown to the top level.
  case threw(message: String)
  /// The stored bytes of an input don't match their digest.
  case corruptInput(name: String, path: String)
  /// The cell reached a sweep whose points run in their own processes, and ended. `missing` are the points to run.
  case distributing(sweep: Int, missing: [Int], of: Int)
  /// The runner reports the position of the cell's job in a queue, or its machine.
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

/// A value in the store. The digest names the blob with its content.
package struct StoredValue: Codable, Hashable, Sendable {
  package var name: String
  package var type: String
  package var sha256: String
  package var bytes: Int
  /// The digest of the value without the times measured while it was made; nil if it has none.
  package var timeless: String?

  package init(name: String, type: String, sha256: String, bytes: Int, timeless: String? = nil) {
    self.name = name
    self.type = type
    self.sha256 = sha256
    self.bytes = bytes
    self.timeless = timeless
  }

  /// The identity of the value, which is equal for values that differ only in measured times.
  package var identity: String { timeless ?? sha256 }
}
