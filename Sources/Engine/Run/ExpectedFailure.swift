/// How a cell failed whose `error` option says that it does, so that a report made without running shows it too.
package struct ExpectedFailure: Codable, Sendable {
  package var failure: CellFailure
  package var outputs: [CellOutput]
  package var seconds: Double

  /// Where the store keeps that of a cell with this key.
  static func path(_ key: CellKey) -> String { "checks/failed-\(key.digest)" }

  var record: CellRecord { .failed(failure, outputs: outputs, seconds: seconds) }
}

extension Store {
  /// How the cell failed when it last ran with this key, if that is expected of it.
  func expectedFailure(of cell: NotebookCell, _ key: CellKey) -> ExpectedFailure? {
    cell.options.error ? record(ExpectedFailure.path(key)) : nil
  }
}
