/// What became of a cell in a run.
package struct CellRecord: Sendable {
  package let state: CellState
  /// The result to show: the cell's own, or one of an earlier version where the cell is stale.
  package let shown: CellResult?
  /// Why it failed.
  package let failure: CellFailure?
  /// What a failed cell had shown; outputs of others are with their results in the store.
  package let outputs: [CellOutput]
  /// The cells that keep a blocked one from running.
  package let needs: [String]
  /// How long it ran, now or when its result was made; nil for a cell that never did.
  package let seconds: Double?
  /// Whether it failed because it ran longer than its limit.
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
