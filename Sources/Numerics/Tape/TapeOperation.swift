/// A kind of step on a tape, with its gradient. Each is in a file of its own, together with the functions that record
/// it.
protocol TapeOperation {
  /// The name in errors.
  static var name: String { get }

  /// Computes the gradients of the inputs of `step` from `gradient`, the gradient of its result, and adds them by
  /// `Tape.accumulate`.
  ///
  /// It uses operations of the tape, so that gradients can be differentiated. Faster code that can't be
  /// differentiated is used only if `tape.isDifferentiating` is false.
  static func pullBack(_ gradient: Variable, through step: TapeStep, on tape: Tape) throws
}

/// A recorded step: its result and its inputs.
struct TapeStep {
  /// The numbers of the input steps; -1 for unused ones.
  typealias Inputs = (Int32, Int32, Int32, Int32, Int32)

  var id: Int32 = 0
  var rows: Int
  var columns: Int
  var pointer: UnsafeMutableRawPointer
  /// The operation; nil if no gradient is propagated further.
  var operation: (any TapeOperation.Type)?
  var inputs: Inputs = (-1, -1, -1, -1, -1)
  /// The step that owns the memory.
  var owner: Int32 = -1
  /// Whether the memory belongs to the arena.
  var isTemporary = true
  /// Whether a gradient is needed.
  var needsGradient = false
  /// Whether a later step has overwritten the result in place.
  var isOverwritten = false
  /// An additional number for the operation.
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
