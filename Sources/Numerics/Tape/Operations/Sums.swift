internal import CKernels

/// The sum of each column: a `1 x columns` matrix.
enum ColumnSums: TapeOperation {
  static let name = "columnSums"

  static func pullBack(_ gradient: Variable, through step: TapeStep, on tape: Tape) throws {
    try tape.accumulate(gradient.repeated(toShapeOf: tape.variable(step.inputs.0)), to: step.inputs.0)
  }
}

/// The sum of each row: a `rows x 1` matrix.
enum RowSums: TapeOperation {
  static let name = "rowSums"

  static func pullBack(_ gradient: Variable, through step: TapeStep, on tape: Tape) throws {
    try tape.accumulate(gradient.repeated(toShapeOf: tape.variable(step.inputs.0)), to: step.inputs.0)
  }
}

/// A row, a column or a number broadcast to a matrix.
enum Repetition: TapeOperation {
  static let name = "repeated"

  static func pullBack(_ gradient: Variable, through step: TapeStep, on tape: Tape) throws {
    try tape.accumulate(gradient.summed(toShapeOf: tape.variable(step.inputs.0)), to: step.inputs.0)
  }
}

/// The same numbers in the same order as a matrix of another shape, or some of the rows. It has no memory of its own.
enum Reshape: TapeOperation {
  static let name = "reshaped"

  static func pullBack(_ gradient: Variable, through step: TapeStep, on tape: Tape) throws {
    let input = tape.variable(step.inputs.0)
    try tape.accumulate(gradient.reshaped(rows: input.rows, columns: input.columns), to: input.id)
  }
}

extension Variable {
  /// The sum of each column: a `1 x columns` matrix.
  public func columnSums() throws -> Variable {
    try tape.require(self, by: "columnSums")
    if rows == 1 { return self }
    let result = tape.record(ColumnSums.self, TapeStep.inputs(self), 1, columns)
    tape.sumColumns(pointer, rows: rows, columns: columns, into: result.pointer)
    return result
  }

  /// The sum of each row: a `rows x 1` matrix.
  public func rowSums() throws -> Variable {
    try tape.require(self, by: "rowSums")
    if columns == 1 { return self }
    let result = tape.record(RowSums.self, TapeStep.inputs(self), rows, 1)
    let (from, to, columns, kernels, tape) = (pointer, result.pointer, columns, tape.kernels, tape)
    tape.inParts(of: rows, numbersEach: columns) {
      kernels.row_sums($0.count, columns, tape.at(from, $0.lowerBound * columns), tape.at(to, $0.lowerBound))
    }
    return result
  }

  /// The sum of all elements, a scalar.
  public func sum() throws -> Variable { try reshaped(rows: 1, columns: count).rowSums() }

  /// The mean of all elements, a scalar.
  public func mean() throws -> Variable { try sum() / Double(max(count, 1)) }

  /// The same elements, row by row, in another shape.
  ///
  /// - Throws: `TapeError` when the other shape has another number of elements.
  public func reshaped(rows: Int, columns: Int) throws -> Variable {
    try tape.require(self, by: "reshaped")
    guard rows * columns == count else {
      throw TapeError("reshaped", "\(shape) can't become \(rows) x \(columns)", remedy: "Keep the number of elements.")
    }
    if rows == self.rows { return self }
    return tape.record(Reshape.self, TapeStep.inputs(self), rows, columns, viewOf: self, at: pointer)
  }

  /// The gradient of an operand with one row, one column or one element that was broadcast: it is summed over the
  /// broadcast dimensions.
  func summed(toShapeOf other: Variable) throws -> Variable {
    var result = self
    if other.rows == 1, result.rows > 1, other.columns == 1, result.columns > 1 { return try result.sum() }
    if other.rows == 1, result.rows > 1 { result = try result.columnSums() }
    if other.columns == 1, result.columns > 1 { result = try result.rowSums() }
    return result
  }

  /// A row, a column or a number broadcast to the shape of `other`.
  func repeated(toShapeOf other: Variable) throws -> Variable {
    try repeated(rows: other.rows, columns: other.columns)
  }

  /// A row, a column or a number broadcast to a matrix.
  ///
  /// - Throws: `TapeError` when the shapes don't match.
  public func repeated(rows: Int, columns: Int) throws -> Variable {
    try tape.require(self, by: "repeated")
    guard self.rows == 1 || self.rows == rows, self.columns == 1 || self.columns == columns else {
      throw TapeError(
        "repeated", "\(shape) can't be repeated to \(rows) x \(columns)", remedy: "Repeat a single row or column.")
    }
    if rows == self.rows, columns == self.columns { return self }
    let result = tape.record(Repetition.self, TapeStep.inputs(self), rows, columns)
    let one = tape.one
    let left = tape_operand(
      numbers: pointer, row_step: self.rows == 1 ? 0 : self.columns, column_step: self.columns == 1 ? 0 : 1)
    tape.kernels.arithmetic(
      tape_multiply, rows, columns, left, tape_operand(numbers: one, row_step: 0, column_step: 0), result.pointer)
    return result
  }
}
