internal import CKernels

/// Sums over sparse rows. `setting` is 1 for the transpose.
enum SparseSums: TapeOperation {
  static let name = "sums"

  static func record(_ matrix: SparseMatrix, _ x: Variable, isTransposed: Bool) throws -> Variable {
    let tape = x.tape
    try tape.require(x, by: name)
    let (rows, expected) =
      isTransposed ? (matrix.columnCount, matrix.rowCount) : (matrix.rowCount, matrix.columnCount)
    guard x.rows == expected else {
      throw TapeError(
        isTransposed ? "scatteredSums" : name, "the matrix sums \(expected) rows, but \(x.shape) was given",
        remedy: "Give as many rows as it has \(isTransposed ? "rows" : "columns").")
    }
    let result = tape.record(
      SparseSums.self, TapeStep.inputs(x), rows, x.columns, setting: isTransposed ? 1 : 0, object: matrix)
    var sums = tape_sums(isTransposed ? matrix.backward : matrix.forward)
    let (from, to, columns, kernels) = (x.pointer, result.pointer, x.columns, tape.kernels)
    tape.inParts(of: rows, numbersEach: 2 * columns) { range in
      withUnsafePointer(to: &sums) { kernels.sums($0, range.lowerBound, range.upperBound, columns, from, to) }
    }
    return result
  }

  static func pullBack(_ gradient: Variable, through step: TapeStep, on tape: Tape) throws {
    guard let matrix = step.object as? SparseMatrix else { return }
    try tape.accumulate(record(matrix, gradient, isTransposed: step.setting == 0), to: step.inputs.0)
  }
}

extension tape_sums {
  init(_ rows: SparseRows) {
    self.init(offsets: rows.offsets.pointer, columns: rows.columns.pointer, weights: rows.weights.pointer)
  }
}
