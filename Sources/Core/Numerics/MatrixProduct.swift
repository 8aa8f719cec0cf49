internal import COpenBLAS

/// A dense row-major matrix somewhere in memory.
struct Matrix: @unchecked Sendable {  // A place; whoever shares it sees to it that writes don't meet.
  var pointer: UnsafeMutablePointer<Float>
  var rows: Int
  var columns: Int
  /// From the beginning of one row to that of the next.
  private(set) var rowStride: Int
  /// Whether a product takes it transposed.
  private(set) var isTransposed = false

  /// The same memory as factor of a product that takes the transpose.
  var transposed: Matrix {
    var result = self
    result.isTransposed.toggle()
    return result
  }

  init(pointer: UnsafeMutablePointer<Float>, rows: Int, columns: Int) {
    self.pointer = pointer
    self.rows = rows
    self.columns = columns
    rowStride = columns
  }

  /// Some of the rows.
  func rows(_ range: Range<Int>) -> Matrix {
    var result = self
    result.pointer += range.lowerBound * rowStride
    result.rows = range.count
    return result
  }

  /// Some of the columns.
  func columns(_ range: Range<Int>) -> Matrix {
    var result = self
    result.pointer += range.lowerBound
    result.columns = range.count
    return result
  }
}

/// Matrix products, each on the thread that asks for it: by `VectorKernels`, or by OpenBLAS where there are none.
///
/// The products of a GCN are so small that sharing one among OpenBLAS's threads costs more than it brings, and results
/// would depend on how many there are. So OpenBLAS is told once per process to use one; parallel work is done above it.
enum MatrixProduct {
  private static let singleThreaded: Void = openblas_load().pointee.set_num_threads(1)

  /// `result = left * right`.
  static func multiply(
    _ left: Matrix, _ right: Matrix, into result: Matrix, kernels: VectorKernels? = .present
  ) {
    if let kernels, kernels.multiply(left, right, into: result) { return }
    _ = singleThreaded
    openblas_load().pointee.sgemm(
      CblasRowMajor, left.isTransposed ? CblasTrans : CblasNoTrans, right.isTransposed ? CblasTrans : CblasNoTrans,
      blasint(result.rows), blasint(result.columns), blasint(left.isTransposed ? left.rows : left.columns),
      1, left.pointer, blasint(left.rowStride), right.pointer, blasint(right.rowStride),
      0, result.pointer, blasint(result.rowStride))
  }
}
