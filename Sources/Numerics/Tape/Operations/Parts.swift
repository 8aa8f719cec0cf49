internal import CKernels

/// A rectangle of a matrix. `setting` and `detail` are its first row and column.
enum Slice: TapeOperation {
  static let name = "slice"

  static func record(_ x: Variable, rows: Range<Int>, columns: Range<Int>, by name: String) throws -> Variable {
    let tape = x.tape
    try tape.require(x, by: name)
    guard rows.lowerBound >= 0, rows.upperBound <= x.rows, columns.lowerBound >= 0, columns.upperBound <= x.columns
    else {
      throw TapeError(
        name, "rows \(rows) and columns \(columns) are not within a matrix of \(x.shape)",
        remedy: "Both count from 0.")
    }
    if rows.count == x.rows, columns.count == x.columns { return x }
    let start = tape.at(x.pointer, rows.lowerBound * x.columns + columns.lowerBound)
    let (row, column) = (Int32(truncatingIfNeeded: rows.lowerBound), Int32(truncatingIfNeeded: columns.lowerBound))
    if columns.count == x.columns {
      return tape.record(
        Slice.self, TapeStep.inputs(x), rows.count, columns.count, setting: row, detail: column, viewOf: x, at: start)
    }
    let result = tape.record(
      Slice.self, TapeStep.inputs(x), rows.count, columns.count, setting: row, detail: column)
    tape.kernels.copy(rows.count, columns.count, start, x.columns, result.pointer, columns.count)
    return result
  }

  static func pullBack(_ gradient: Variable, through step: TapeStep, on tape: Tape) throws {
    let input = tape.variable(step.inputs.0)
    try tape.accumulate(
      Padding.record(
        gradient, rows: input.rows, columns: input.columns, row: Int(step.setting), column: Int(step.detail)),
      to: input.id)
  }
}

/// Puts a matrix into a larger one that is 0 elsewhere.
enum Padding: TapeOperation {
  static let name = "padding"

  static func record(_ x: Variable, rows: Int, columns: Int, row: Int, column: Int) -> Variable {
    let tape = x.tape
    let result = tape.record(
      Padding.self, TapeStep.inputs(x), rows, columns, setting: Int32(truncatingIfNeeded: row),
      detail: Int32(truncatingIfNeeded: column))
    result.pointer.initializeMemory(as: UInt8.self, repeating: 0, count: rows * columns * tape.width)
    tape.kernels.copy(
      x.rows, x.columns, x.pointer, x.columns, tape.at(result.pointer, row * columns + column), columns)
    return result
  }

  static func pullBack(_ gradient: Variable, through step: TapeStep, on tape: Tape) throws {
    let input = tape.variable(step.inputs.0)
    let (row, column) = (Int(step.setting), Int(step.detail))
    try tape.accumulate(
      Slice.record(
        gradient, rows: row..<row + input.rows, columns: column..<column + input.columns, by: name), to: input.id)
  }
}

/// Concatenates matrices horizontally (`setting` 1) or vertically (0).
enum Joining: TapeOperation {
  static let name = "joined"

  static func record(_ parts: [Variable], sideBySide: Bool) throws -> Variable {
    let name = sideBySide ? "joinedColumns" : "joinedRows"
    guard let first = parts.first else {
      throw TapeError(name, "the list of matrices is empty", remedy: "Give at least one matrix.")
    }
    if parts.count == 1 { return first }
    // A step has at most five inputs. More matrices are joined in several steps.
    if parts.count > 5 {
      return try record([record(Array(parts[..<5]), sideBySide: sideBySide)] + parts[5...], sideBySide: sideBySide)
    }
    let tape = first.tape
    for part in parts {
      try tape.require(part, by: name)
      guard sideBySide ? part.rows == first.rows : part.columns == first.columns else {
        throw TapeError(
          name, "the shapes \(first.shape) and \(part.shape) don't match",
          remedy: "Give all the same number of \(sideBySide ? "rows" : "columns").")
      }
    }
    func id(_ index: Int) -> Int32 { index < parts.count ? parts[index].id : -1 }
    let rows = sideBySide ? first.rows : parts.reduce(0) { $0 + $1.rows }
    let columns = sideBySide ? parts.reduce(0) { $0 + $1.columns } : first.columns
    let result = tape.record(
      Joining.self, (id(0), id(1), id(2), id(3), id(4)), rows, columns, setting: sideBySide ? 1 : 0)
    var start = result.pointer
    for part in parts {
      tape.kernels.copy(part.rows, part.columns, part.pointer, part.columns, start, columns)
      start += (sideBySide ? part.columns : part.count) * tape.width
    }
    return result
  }

  static func pullBack(_ gradient: Variable, through step: TapeStep, on tape: Tape) throws {
    var start = 0
    func handOn(_ id: Int32) throws {
      guard id >= 0 else { return }
      let input = tape.variable(id)
      if step.setting == 1 {
        try tape.accumulate(gradient.columns(start..<start + input.columns), to: id)
        start += input.columns
      } else {
        try tape.accumulate(gradient.rows(start..<start + input.rows), to: id)
        start += input.rows
      }
    }
    try handOn(step.inputs.0)
    try handOn(step.inputs.1)
    try handOn(step.inputs.2)
    try handOn(step.inputs.3)
    try handOn(step.inputs.4)
  }
}

extension Variable {
  /// A range of rows.
  ///
  /// - Throws: `TapeError` when the range is outside the matrix.
  public func rows(_ range: Range<Int>) throws -> Variable {
    try Slice.record(self, rows: range, columns: 0..<columns, by: "rows")
  }

  /// A range of columns.
  ///
  /// - Throws: `TapeError` when the range is outside the matrix.
  public func columns(_ range: Range<Int>) throws -> Variable {
    try Slice.record(self, rows: 0..<rows, columns: range, by: "columns")
  }

  /// Matrices concatenated horizontally.
  ///
  /// - Throws: `TapeError` when their numbers of rows differ.
  public static func joinedColumns(_ parts: [Variable]) throws -> Variable {
    try Joining.record(parts, sideBySide: true)
  }

  /// Matrices concatenated vertically.
  ///
  /// - Throws: `TapeError` when their numbers of columns differ.
  public static func joinedRows(_ parts: [Variable]) throws -> Variable {
    try Joining.record(parts, sideBySide: false)
  }
}
