internal import CKernels

/// The element-wise operations `+ - * /`. An operand with one row, one column or one element is broadcast to the
/// other's shape.
enum Arithmetic: TapeOperation {
  static let name = "arithmetic"
  private static let signs = ["+", "-", "*", "/"]

  static func record(_ operation: tape_arithmetic, _ left: Variable, _ right: Variable) throws -> Variable {
    let tape = left.tape
    let sign = signs[Int(operation.rawValue)]
    try tape.require(left, right, by: sign)
    func joint(_ one: Int, _ other: Int) -> Int? { one == other || other == 1 ? one : one == 1 ? other : nil }
    guard let rows = joint(left.rows, right.rows), let columns = joint(left.columns, right.columns) else {
      throw TapeError(
        sign, "the shapes \(left.shape) and \(right.shape) don't match",
        remedy: "Give both the same shape, or one of them a single row or column, which is then repeated.")
    }
    let result = tape.record(
      Arithmetic.self, TapeStep.inputs(left, right), rows, columns, setting: Int32(operation.rawValue))
    let (a, b) = (operand(left, rows, columns), operand(right, rows, columns))
    let target = result.pointer
    let kernels = tape.kernels
    if left.count == rows * columns, right.count == left.count {
      // Equal shapes are processed as one long row.
      tape.inParts(of: rows * columns) { range in
        kernels.arithmetic(
          operation, 1, range.count, moved(a, range.lowerBound, tape), moved(b, range.lowerBound, tape),
          tape.at(target, range.lowerBound))
      }
      return result
    }
    tape.inParts(of: rows, numbersEach: columns) { range in
      kernels.arithmetic(
        operation, range.count, columns, moved(a, range.lowerBound * a.row_step, tape),
        moved(b, range.lowerBound * b.row_step, tape), tape.at(target, range.lowerBound * columns))
    }
    return result
  }

  private static func operand(_ factor: Variable, _ rows: Int, _ columns: Int) -> tape_operand {
    tape_operand(
      numbers: factor.pointer, row_step: factor.rows == 1 && rows > 1 ? 0 : factor.columns,
      column_step: factor.columns == 1 && columns > 1 ? 0 : 1)
  }

  private static func moved(_ operand: tape_operand, _ numbers: Int, _ tape: Tape) -> tape_operand {
    tape_operand(
      numbers: operand.numbers + numbers * tape.width, row_step: operand.row_step, column_step: operand.column_step)
  }

  static func pullBack(_ gradient: Variable, through step: TapeStep, on tape: Tape) throws {
    let (left, right) = (tape.variable(step.inputs.0), tape.variable(step.inputs.1))
    switch UInt32(step.setting) {
    case tape_add.rawValue:
      try tape.accumulate(gradient.summed(toShapeOf: left), to: left.id)
      try tape.accumulate(gradient.summed(toShapeOf: right), to: right.id)
    case tape_subtract.rawValue:
      try tape.accumulate(gradient.summed(toShapeOf: left), to: left.id)
      try tape.accumulate(-gradient.summed(toShapeOf: right), to: right.id)
    case tape_multiply.rawValue:
      try tape.accumulate((gradient * right).summed(toShapeOf: left), to: left.id)
      try tape.accumulate((gradient * left).summed(toShapeOf: right), to: right.id)
    default:
      try tape.accumulate((gradient / right).summed(toShapeOf: left), to: left.id)
      try tape.accumulate(
        (-(gradient * tape.variable(step.id)) / right).summed(toShapeOf: right), to: right.id)
    }
  }
}

/// `factor * x + offset` for two constant numbers.
enum Affine: TapeOperation {
  static let name = "affine"

  static func record(_ x: Variable, factor: Double, offset: Double) throws -> Variable {
    let tape = x.tape
    try tape.require(x, by: "affine")
    let result = tape.record(Affine.self, TapeStep.inputs(x), x.rows, x.columns, number: factor)
    let (from, to, kernels) = (x.pointer, result.pointer, tape.kernels)
    tape.inParts(of: x.count) {
      kernels.affine($0.count, factor, offset, tape.at(from, $0.lowerBound), tape.at(to, $0.lowerBound))
    }
    return result
  }

  static func pullBack(_ gradient: Variable, through step: TapeStep, on tape: Tape) throws {
    try tape.accumulate(record(gradient, factor: step.number, offset: 0), to: step.inputs.0)
  }
}

extension Variable {
  /// The element-wise sum. A single row, column or number is broadcast to the other's shape.
  ///
  /// - Throws: `TapeError` when the shapes don't match.
  public static func + (left: Variable, right: Variable) throws -> Variable {
    try Arithmetic.record(tape_add, left, right)
  }

  /// The element-wise difference. A single row, column or number is broadcast to the other's shape.
  public static func - (left: Variable, right: Variable) throws -> Variable {
    try Arithmetic.record(tape_subtract, left, right)
  }

  /// The element-wise product, not the matrix product. A single row, column or number is broadcast to the other's
  /// shape.
  public static func * (left: Variable, right: Variable) throws -> Variable {
    try Arithmetic.record(tape_multiply, left, right)
  }

  /// The element-wise quotient. A single row, column or number is broadcast to the other's shape.
  public static func / (left: Variable, right: Variable) throws -> Variable {
    try Arithmetic.record(tape_divide, left, right)
  }

  public static func + (left: Variable, right: Double) throws -> Variable {
    try Affine.record(left, factor: 1, offset: right)
  }

  public static func - (left: Variable, right: Double) throws -> Variable {
    try Affine.record(left, factor: 1, offset: -right)
  }

  public static func - (left: Double, right: Variable) throws -> Variable {
    try Affine.record(right, factor: -1, offset: left)
  }

  public static func * (left: Variable, right: Double) throws -> Variable {
    try Affine.record(left, factor: right, offset: 0)
  }

  public static func * (left: Double, right: Variable) throws -> Variable {
    try Affine.record(right, factor: left, offset: 0)
  }

  public static func / (left: Variable, right: Double) throws -> Variable {
    try Affine.record(left, factor: 1 / right, offset: 0)
  }

  public static prefix func - (x: Variable) throws -> Variable {
    try Affine.record(x, factor: -1, offset: 0)
  }
}
