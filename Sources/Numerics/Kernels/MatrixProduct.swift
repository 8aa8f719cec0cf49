internal import COpenBLAS

/// Matrix products, each on the thread that asks for it: by `VectorKernels`, or by OpenBLAS where there are none.
///
/// The products of a GCN are so small that sharing one among OpenBLAS's threads costs more than it brings, and results
/// would depend on how many there are. So OpenBLAS is told once per process to use one; parallel work is done above it.
package enum MatrixProduct {
  private static let singleThreaded: Void = openblas_load().pointee.set_num_threads(1)

  /// `result = left * right`.
  package static func multiply(
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
