/// A kind of step that a tape records: how a gradient goes back through it. One file each, with the functions that
/// record it.
protocol TapeOperation {
  /// What errors call it.
  static var name: String { get }

  /// Hands on, by `Tape.accumulate`, what `gradient` of the result of `step` says of the gradients of its inputs.
  ///
  /// It is written with the operations of the tape, so that gradients have gradients. What is quicker but can't be
  /// differentiated is used only where `tape.isDifferentiating` is false.
  static func pullBack(_ gradient: Variable, through step: TapeStep, on tape: Tape) throws
}

/// What a tape keeps of one step: its result and what it was computed from.
struct TapeStep {
  /// Numbers of other steps; -1 where there are fewer.
  typealias Inputs = (Int32, Int32, Int32, Int32, Int32)

  var id: Int32 = 0
  var rows: Int
  var columns: Int
  var pointer: UnsafeMutableRawPointer
  /// Nil where no gradient goes further.
  var operation: (any TapeOperation.Type)?
  var inputs: Inputs = (-1, -1, -1, -1, -1)
  /// The step that the memory belongs to.
  var owner: Int32 = -1
  /// Whether the memory is the arena's.
  var isTemporary = true
  /// Whether gradients are asked for.
  var needsGradient = false
  /// Whether a later step has put its own result in this one's place.
  var isOverwritten = false
  /// What else the operation is told.
  var number = 0.0
  var setting: Int32 = 0
  var detail: Int32 = 0
  var seed: UInt64 = 0
  var object: AnyObject?

  var count: Int { rows * columns }

  static func inputs(_ a: Variable, _ b: Variable? = nil, _ c: Variable? = nil, _ d: Variable? = nil) -> Inputs {
    (a.id, b?.id ?? -1, c?.id ?? -1, d?.id ?? -1, -1)
  }
}
