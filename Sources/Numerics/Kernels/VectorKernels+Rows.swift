internal import CKernels

/// Implements `RowKernels` by the kernels in C.
extension VectorKernels {
  package func sum(_ sums: SparseRows, of values: Matrix, into result: Matrix, rows: Range<Int>) {
    var sums = kernels_sums(sums)
    table.pointee.sum(&sums, rows.lowerBound, rows.upperBound, result.columns, values.pointer, result.pointer)
  }

  package func activate(
    _ activation: UnitActivation, _ z: Matrix, sums: SparseRows?, of source: Matrix?, into result: Matrix,
    reciprocals: UnsafeMutablePointer<Float>, rows: Range<Int>
  ) {
    var numbers = kernels_activation(activation)
    withOptionalPointer(to: sums.map(kernels_sums.init)) { sums in
      table.pointee.activate(
        &numbers, rows.lowerBound, rows.upperBound, z.pointer, sums, source?.pointer, result.pointer, reciprocals)
    }
  }

  package func activateBackward(
    _ activation: UnitActivation, _ gradient: Matrix, sums: SparseRows?, of source: Matrix?, normalised: Matrix,
    result: Matrix, reciprocals: UnsafePointer<Float>, vectorGradients: UnsafeMutablePointer<Float>, rows: Range<Int>
  ) {
    var numbers = kernels_activation(activation)
    withOptionalPointer(to: sums.map(kernels_sums.init)) { sums in
      table.pointee.activate_backward(
        &numbers, rows.lowerBound, rows.upperBound, gradient.pointer, sums, source?.pointer, normalised.pointer,
        result.pointer, reciprocals, vectorGradients)
    }
  }

  private func withOptionalPointer(
    to sums: kernels_sums?, _ body: (UnsafePointer<kernels_sums>?) -> Void
  ) {
    guard var sums else { return body(nil) }
    withUnsafePointer(to: &sums) { body($0) }
  }
}

extension kernels_sums {
  fileprivate init(_ rows: SparseRows) {
    self.init(offsets: rows.offsets.pointer, columns: rows.columns.pointer, weights: rows.weights.pointer)
  }
}

extension kernels_activation {
  fileprivate init(_ activation: UnitActivation) {
    self.init(
      width: activation.width, layer_norm: activation.layerNorm ? 1 : 0, epsilon: UnitActivation.epsilon,
      factor: activation.dropout?.scale ?? 1, bias: activation.bias, scale: activation.scale, shift: activation.shift)
  }
}
