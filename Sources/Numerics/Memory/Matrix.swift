/// A dense row-major matrix that refers to memory it doesn't own.
package struct Matrix: @unchecked Sendable {  // A place; whoever shares it sees to it that writes don't meet.
  package var pointer: UnsafeMutablePointer<Float>
  package var rows: Int
  package var columns: Int
  /// The row stride: the number of elements from the start of one row to the start of the next.
  package private(set) var rowStride: Int
  /// Whether products use the transpose of the matrix.
  package private(set) var isTransposed = false

  /// The same memory as a factor of which products use the transpose.
  package var transposed: Matrix {
    var result = self
    result.isTransposed.toggle()
    return result
  }

  package init(pointer: UnsafeMutablePointer<Float>, rows: Int, columns: Int) {
    self.pointer = pointer
    self.rows = rows
    self.columns = columns
    rowStride = columns
  }

  /// A matrix of some of the rows, in the same memory.
  package func rows(_ range: Range<Int>) -> Matrix {
    var result = self
    result.pointer += range.lowerBound * rowStride
    result.rows = range.count
    return result
  }

  /// A matrix of some of the columns, in the same memory.
  package func columns(_ range: Range<Int>) -> Matrix {
    var result = self
    result.pointer += range.lowerBound
    result.columns = range.count
    return result
  }
}
