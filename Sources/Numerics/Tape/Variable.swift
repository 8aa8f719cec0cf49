/// A row-major matrix on a tape: a constant, a parameter, or the result of an operation. A scalar has the shape 1 x
/// 1.
///
/// ```swift
/// let tape = Tape()
/// let x = tape.variable([1, 2, 3], rows: 1, columns: 3)
/// let y = try (x * x + 1).sum()
/// let slope = try tape.gradients(of: y, withRespectTo: [x])[0].values  // [2, 4, 6]
/// ```
///
/// It is valid until the tape is reset.
public struct Variable {
  public let tape: Tape
  let id: Int32
  /// The number of the tape's pass to which it belongs.
  let pass: Int

  var step: TapeStep { tape.steps[Int(id)] }
  var pointer: UnsafeMutableRawPointer { tape.steps[Int(id)].pointer }
  public var rows: Int { tape.steps[Int(id)].rows }
  public var columns: Int { tape.steps[Int(id)].columns }
  var count: Int { rows * columns }
  var shape: String { "\(rows) x \(columns)" }

  func hasShape(of other: Variable) -> Bool { rows == other.rows && columns == other.columns }

  /// A copy of the elements, row by row.
  public var values: [Double] {
    switch tape.precision {
    case .single: floats.map(Double.init)
    case .double: Array(UnsafeBufferPointer(start: pointer.assumingMemoryBound(to: Double.self), count: count))
    }
  }

  /// A copy of the elements, row by row, rounded to single precision.
  public var floats: [Float] {
    switch tape.precision {
    case .single: Array(UnsafeBufferPointer(start: pointer.assumingMemoryBound(to: Float.self), count: count))
    case .double: values.map(Float.init)
    }
  }

  /// The first element: the value of a scalar.
  public var scalar: Double { tape.number(at: pointer, 0) }
}
