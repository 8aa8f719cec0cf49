/// A dense row-major matrix somewhere in memory.
package struct Matrix: @unchecked Sendable {  // A place; whoever shares it sees to it that writes don't meet.
  package var pointer: UnsafeMutablePointer<Float>
  package var rows: Int
  package var columns: Int
  /// From the beginning of one row to that of the next.
  package private(set) var rowStride: Int
  /// Whether a product takes it transposed.
  package private(set) var isTransposed = false

  /// The same memory as factor of a product that takes the transpose.
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

  /// Some of the rows.
  package func rows(_ range: Range<Int>) -> Matrix {
    var result = self
    result.pointer += range.lowerBound * rowStride
    result.rows = range.count
    return result
  }

  /// Some of the columns.
  package func columns(_ range: Range<Int>) -> Matrix {
    var result = self
    result.pointer += range.lowerBound
    result.columns = range.count
    return result
  }
}
