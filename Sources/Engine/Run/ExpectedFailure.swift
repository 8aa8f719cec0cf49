/// The failure of a cell with the `error` option. It is stored so that a report made without running shows it too.
package struct ExpectedFailure: Codable, Sendable {
  package var failure: CellFailure
  package var outputs: [CellOutput]
  package var seconds: Double

  /// The path in the store for the failure of a cell with this key.
  static func path(_ key: CellKey) -> String { "checks/failed-\(key.digest)" }

  var record: CellRecord { .failed(failure, outputs: outputs, seconds: seconds) }
}

extension Store {
  /// The failure when the cell last ran with this key, if the cell is expected to fail.
  func expectedFailure(of cell: NotebookCell, _ key: CellKey) -> ExpectedFailure? {
    cell.options.error ? record(ExpectedFailure.path(key)) : nil
  }
}
