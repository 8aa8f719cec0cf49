/// Matrix products. `setting` is the factor that is transposed, `detail` the number of pairs of matrices.
enum Product: TapeOperation {
  static let name = "product"
  /// The number of columns of a part of a product, or of rows if there are many.
  private static let columnsAtOnce = 64
  private static let rowsAtOnce = 96
  /// Results with fewer columns are not computed by `MatrixProduct`.
  private static let fewestColumns = 16
  /// The number of rows from which on a factor is transposed in memory.
  private static let manyRows = 256
  /// The least number of multiplications for which another thread is worthwhile.
  private static let shared = 1_500_000

  static func record(
    _ left: Variable, _ right: Variable, _ transposing: Variable.Transposing, batches: Int
  ) throws -> Variable {
    let tape = left.tape
    try tape.require(left, right, by: name)
    guard batches >= 1, left.rows % batches == 0, right.rows % batches == 0 else {
      throw TapeError(
        name, "\(left.shape) and \(right.shape) can't be split into \(batches) matrices each",
        remedy: "Give both a multiple of \(batches) rows.")
    }
    let (leftRows, rightRows) = (left.rows / batches, right.rows / batches)
    let (rows, inner) = transposing == .left ? (left.columns, leftRows) : (leftRows, left.columns)
    let (otherInner, columns) = transposing == .right ? (right.columns, rightRows) : (rightRows, right.columns)
    guard inner == otherInner else {
      let of = batches > 1 ? ", \(batches) of them," : ""
      throw TapeError(
        name,
        "the factors \(leftRows) x \(left.columns)\(transposing == .left ? " transposed" : "") and"
          + " \(rightRows) x \(right.columns)\(transposing == .right ? " transposed" : "")\(of) don't fit",
        remedy: "The left factor needs as many columns as the right one has rows.")
    }
    let result = tape.record(
      Product.self, TapeStep.inputs(left, right), batches * rows, columns, setting: transposing.rawValue,
      detail: Int32(truncatingIfNeeded: batches))
    compute(left, right, transposing, batches, result)
    return result
  }

  /// Recomputes a step whose result has been overwritten.
  static func repeated(_ step: TapeStep, on tape: Tape) throws -> Variable {
    try record(
      tape.variable(step.inputs.0), tape.variable(step.inputs.1), Variable.Transposing(rawValue: step.setting) ?? .none,
      batches: Int(step.detail))
  }

  private static func compute(
    _ left: Variable, _ right: Variable, _ transposing: Variable.Transposing, _ batches: Int, _ result: Variable
  ) {
    let tape = left.tape
    let (leftRows, rightRows, rows) = (left.rows / batches, right.rows / batches, result.rows / batches)
    let (leftColumns, rightColumns, columns) = (left.columns, right.columns, result.columns)
    let (a, b, c) = (left.pointer, right.pointer, result.pointer)
    let inner = transposing == .left ? leftRows : leftColumns
    let isShared = 2 * batches * rows * inner * columns >= shared
    guard tape.precision == .single, columns >= fewestColumns || columns == 1 && batches == 1 else {
      let kernels = tape.kernels
      for batch in 0..<batches {
        kernels.product(
          rows, inner, columns, tape.at(a, batch * leftRows * leftColumns), transposing == .left ? 1 : leftColumns,
          transposing == .left ? leftColumns : 1, tape.at(b, batch * rightRows * rightColumns),
          transposing == .right ? 1 : rightColumns, transposing == .right ? rightColumns : 1,
          tape.at(c, batch * rows * columns), columns)
      }
      return
    }
    if columns == 1 { return computeColumn(left, right, transposing, result) }
    if batches == 1, inner >= manyRows, transposing == .left {
      return withTranspose(of: left) { compute($0, right, .none, 1, result) }
    }
    if batches == 1, rows >= manyRows, transposing == .right {
      return withTranspose(of: right) { compute(left, $0, .none, 1, result) }
    }
    func matrix(_ pointer: UnsafeMutableRawPointer, _ batch: Int, _ rows: Int, _ columns: Int) -> Matrix {
      Matrix(
        pointer: pointer.assumingMemoryBound(to: Float.self) + batch * rows * columns, rows: rows, columns: columns)
    }
    if batches > 1 {
      let parts = min(batches, 64)
      tape.team.forEach(parts, isShared: isShared) { part, _ in
        for batch in part * batches / parts..<(part + 1) * batches / parts {
          let (x, y) = (matrix(a, batch, leftRows, leftColumns), matrix(b, batch, rightRows, rightColumns))
          MatrixProduct.multiply(
            transposing == .left ? x.transposed : x, transposing == .right ? y.transposed : y,
            into: matrix(c, batch, rows, columns))
        }
      }
      return
    }
    let (x, y) = (matrix(a, 0, leftRows, leftColumns), matrix(b, 0, rightRows, rightColumns))
    let z = matrix(c, 0, rows, columns)
    // The parts depend only on the shapes.
    if rows >= 4 * rowsAtOnce {
      let parts = (rows + rowsAtOnce - 1) / rowsAtOnce
      tape.team.forEach(parts, isShared: isShared) { part, _ in
        let range = part * rowsAtOnce..<min((part + 1) * rowsAtOnce, rows)
        MatrixProduct.multiply(
          transposing == .left ? x.columns(range).transposed : x.rows(range), transposing == .right ? y.transposed : y,
          into: z.rows(range))
      }
    } else {
      let parts = max(columns / columnsAtOnce, 1)
      tape.team.forEach(parts, isShared: isShared) { part, _ in
        let range = part * columnsAtOnce..<(part == parts - 1 ? columns : (part + 1) * columnsAtOnce)
        MatrixProduct.multiply(
          transposing == .left ? x.transposed : x, transposing == .right ? y.rows(range).transposed : y.columns(range),
          into: z.columns(range))
      }
    }
  }

  /// A product with a single column. It adds the same numbers in the same order as a product with a single row.
  private static func computeColumn(
    _ left: Variable, _ right: Variable, _ transposing: Variable.Transposing, _ result: Variable
  ) {
    let tape = left.tape
    let (a, b, c, kernels) = (left.pointer, right.pointer, result.pointer, tape.kernels)
    if transposing == .left {
      // The sum of the rows of `left`, each times its element of `right`.
      kernels.product(1, left.rows, left.columns, b, left.rows, 1, a, left.columns, 1, c, left.columns)
      return
    }
    let columns = left.columns
    tape.inParts(of: left.rows, numbersEach: columns) {
      kernels.dots($0.count, columns, tape.at(a, $0.lowerBound * columns), b, tape.at(c, $0.lowerBound))
    }
  }

  /// For many rows the transpose of a factor is written to memory: the kernels are quickest on rows, and transposing
  /// takes little time.
  private static func withTranspose(of factor: Variable, _ body: (Variable) -> Void) {
    let tape = factor.tape
    let (rows, columns, from, kernels) = (factor.rows, factor.columns, factor.pointer, tape.kernels)
    let transposed = tape.matrix(columns, rows)
    let to = transposed.pointer
    tape.inParts(of: columns, numbersEach: rows) {
      kernels.transpose(rows, columns, $0.lowerBound, $0.upperBound, from, to)
    }
    body(transposed)
    tape.giveBack(to, bytes: rows * columns * tape.width)
  }

  static func pullBack(_ gradient: Variable, through step: TapeStep, on tape: Tape) throws {
    let (left, right) = (tape.variable(step.inputs.0), tape.variable(step.inputs.1))
    let batches = Int(step.detail)
    switch Variable.Transposing(rawValue: step.setting) ?? .none {
    case .none:
      try tape.accumulate(record(gradient, right, .right, batches: batches), to: left.id)
      if batches == 1 {
        try tape.accumulate(product: left, gradient, to: right.id)
      } else {
        try tape.accumulate(record(left, gradient, .left, batches: batches), to: right.id)
      }
    case .right:
      try tape.accumulate(record(gradient, right, .none, batches: batches), to: left.id)
      try tape.accumulate(record(gradient, left, .left, batches: batches), to: right.id)
    case .left:
      try tape.accumulate(record(right, gradient, .right, batches: batches), to: left.id)
      try tape.accumulate(record(left, gradient, .none, batches: batches), to: right.id)
    }
  }
}

extension Variable {
  /// The factor of a product that is transposed.
  public enum Transposing: Int32, Sendable {
    case none, left, right
  }

  /// The matrix product of this with `other`.
  ///
  /// - Parameters:
  ///   - transposing: The factor that is transposed.
  ///   - batches: The number of pairs of matrices. Each factor, and the result, has its matrices concatenated
  ///     vertically.
  /// - Throws: `TapeError` when the shapes don't match.
  public func product(_ other: Variable, transposing: Transposing = .none, batches: Int = 1) throws -> Variable {
    try Product.record(self, other, transposing, batches: batches)
  }
}
