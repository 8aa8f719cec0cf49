/// The state of a cell after a run.
package struct CellRecord: Sendable {
  package let state: CellState
  /// The result that the report shows: the cell's own, or an earlier version's where the cell is stale.
  package let shown: CellResult?
  /// The cause of its failure.
  package let failure: CellFailure?
  /// The output of a failed cell. Outputs of other cells are stored with their results.
  package let outputs: [CellOutput]
  /// The failed or skipped cells because of which a blocked cell can't run.
  package let needs: [String]
  /// The duration of the run that made its result, in seconds; nil for a cell that never ran.
  package let seconds: Double?
  /// Whether it failed because it exceeded its time limit.
  package let isTimeout: Bool

  private init(
    _ state: CellState, _ result: CellResult? = nil, failure: CellFailure? = nil, outputs: [CellOutput] = [],
    needs: [String] = [], seconds: Double? = nil, isTimeout: Bool = false
  ) {
    self.state = state
    shown = result
    self.failure = failure
    self.outputs = outputs
    self.needs = needs
    self.seconds = result?.seconds ?? seconds
    self.isTimeout = isTimeout
  }

  package static func fresh(_ result: CellResult) -> CellRecord { CellRecord(.fresh, result) }
  package static func ran(_ result: CellResult) -> CellRecord { CellRecord(.ran, result) }
  package static func stale(_ result: CellResult) -> CellRecord { CellRecord(.stale, result) }
  package static func blocked(by needs: [String]) -> CellRecord { CellRecord(.blocked, needs: needs) }
  package static let left = CellRecord(.left)

  package static func failed(
    _ failure: CellFailure, outputs: [CellOutput], seconds: Double, isTimeout: Bool = false
  ) -> CellRecord {
    CellRecord(.failed, failure: failure, outputs: outputs, seconds: seconds, isTimeout: isTimeout)
  }

  /// The result whose values later cells can use; nil for a stale one.
  package var result: CellResult? { state.isCurrent ? shown : nil }
}
