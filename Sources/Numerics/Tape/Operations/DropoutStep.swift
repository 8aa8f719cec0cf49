internal import CKernels

/// Multiplies elements by 0 or `1 / (1 - probability)`, depending on a seed and the element's number. The mask is the
/// same in any order of computation, so it isn't stored. `number` is the probability.
enum DropoutStep: TapeOperation {
  static let name = "dropout"

  static func record(_ x: Variable, probability: Double, seed: UInt64) -> Variable {
    let tape = x.tape
    let result = tape.record(
      DropoutStep.self, TapeStep.inputs(x), x.rows, x.columns, number: probability, seed: seed)
    let dropout = Dropout(probability: probability, seed: seed)
    let (from, to, columns, kernels) = (x.pointer, result.pointer, x.columns, tape.kernels)
    tape.inParts(of: x.rows, numbersEach: 4 * columns) {
      kernels.dropout(
        $0.lowerBound, $0.upperBound, columns, dropout.seed, dropout.threshold, Double(dropout.scale), from, to)
    }
    return result
  }

  static func pullBack(_ gradient: Variable, through step: TapeStep, on tape: Tape) throws {
    try tape.accumulate(record(gradient, probability: step.number, seed: step.seed), to: step.inputs.0)
  }
}

extension Variable {
  /// Dropout (Srivastava and others, 2014): each element becomes 0 with `probability`, and is divided by `1 -
  /// probability` otherwise. The same seed drops the same elements of matrices with the same width.
  ///
  /// - Throws: `TapeError` when the probability is not from 0 to below 1.
  public func dropout(probability: Double, seed: UInt64) throws -> Variable {
    try tape.require(self, by: "dropout")
    guard probability >= 0, probability < 1 else {
      throw TapeError("dropout", "\(probability) is not a probability from 0 to below 1", remedy: "0.1 is usual.")
    }
    return probability == 0 ? self : DropoutStep.record(self, probability: probability, seed: seed)
  }
}
