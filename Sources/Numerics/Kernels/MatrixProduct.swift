/// Matrix products, each on the thread that asks for it; parallel work is done above it.
///
/// Every element is summed up in an order that depends on nothing but the shapes, so that neither the processor nor
/// threads decide on a bit.
package enum MatrixProduct {
  /// `result = left * right`.
  package static func multiply(
    _ left: Matrix, _ right: Matrix, into result: Matrix, kernels: VectorKernels = .present
  ) {
    kernels.multiply(left, right, into: result)
  }
}
