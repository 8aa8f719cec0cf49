/// Matrix products on the calling thread. Callers divide parallel work.
///
/// Every element is summed in an order that depends only on the shapes, so that neither the processor nor the number
/// of threads changes a bit.
package enum MatrixProduct {
  /// `result = left * right`.
  package static func multiply(
    _ left: Matrix, _ right: Matrix, into result: Matrix, kernels: VectorKernels = .present
  ) {
    kernels.multiply(left, right, into: result)
  }
}
