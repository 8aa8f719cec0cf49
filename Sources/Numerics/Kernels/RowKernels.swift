/// The loops over rows of vectors that, apart from matrix products, take most of a GCN's time.
///
/// Every kernel works on whole matrices. Tests compare each with a plain version.
package enum RowKernels {
  /// Computes `result = sums * values`: each row is a weighted sum of rows of `values`.
  ///
  /// - Parameter rows: The rows of the result to compute, as in all functions here; nil for all.
  package static func sum(
    _ sums: SparseRows, of values: Matrix, into result: Matrix, rows: Range<Int>? = nil,
    kernels: VectorKernels = .present
  ) {
    kernels.sum(sums, of: values, into: result, rows: rows ?? 0..<result.rows)
  }

  /// Computes one number for each row: its product with `weight`.
  package static func readOut(_ values: Matrix, weight: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>)
  {
    for row in 0..<values.rows {
      let source = values.row(row)
      var sum = Vector.zero
      forEachLanes(values.columns) { sum += $0.load(source) * $0.load(weight) }
      result[row] = sum.sum()
    }
  }

  /// The backward pass of `readOut` for a given gradient of its result: it adds to the gradient of `weight`, and
  /// writes that of `values`.
  package static func readOutBackward(
    _ values: Matrix, weight: UnsafePointer<Float>, resultGradient: UnsafePointer<Float>,
    weightGradient: UnsafeMutablePointer<Float>, valuesGradient: Matrix
  ) {
    for row in 0..<values.rows {
      let (source, target, share) = (values.row(row), valuesGradient.row(row), resultGradient[row])
      forEachLanes(values.columns) { lanes in
        lanes.store(lanes.load(weightGradient) + share * lanes.load(source), weightGradient)
        lanes.store(share * lanes.load(weight), target)
      }
    }
  }

  /// Applies a layer's `activation` to the rows of `z`, which become the normalised rows. With `sums`, the rows of
  /// `z` are first computed as these sums of rows of `source`. If `result` is `z`, only the result is kept.
  package static func activate(
    _ activation: UnitActivation, _ z: Matrix, sums: SparseRows?, of source: Matrix?, into result: Matrix,
    reciprocals: UnsafeMutablePointer<Float>, rows: Range<Int>? = nil, kernels: VectorKernels = .present
  ) {
    let rows = rows ?? 0..<z.rows
    kernels.activate(activation, z, sums: sums, of: source, into: result, reciprocals: reciprocals, rows: rows)
    guard let dropout = activation.dropout else { return }
    for row in rows {
      dropout.apply(
        to: result.row(row), count: result.columns, element: row * activation.firstElementStride)
    }
  }

  /// Propagates `gradient` from a layer's result to its `z` in place, and adds to the gradients of the layer's
  /// vectors. With `sums`, the rows of `gradient` are first computed as these sums of rows of `source`.
  ///
  /// - Parameter vectorGradients: The gradients of bias, scale and shift, in this order.
  package static func activateBackward(
    _ activation: UnitActivation, _ gradient: Matrix, sums: SparseRows?, of source: Matrix?, normalised: Matrix,
    result: Matrix, reciprocals: UnsafePointer<Float>, vectorGradients: UnsafeMutablePointer<Float>,
    rows: Range<Int>? = nil, kernels: VectorKernels = .present
  ) {
    kernels.activateBackward(
      activation, gradient, sums: sums, of: source, normalised: normalised, result: result, reciprocals: reciprocals,
      vectorGradients: vectorGradients, rows: rows ?? 0..<gradient.rows)
  }
}

/// The operations of a layer on one row after its matrix product, forward and backward, in one pass while the row is
/// in cache:
///
///     y = z + bias;  x = (y - mean(y)) / sqrt(variance(y) + epsilon);  h = dropout(relu(scale * x + shift))
///
/// Without layer norm: `h = dropout(relu(z + bias))`. Layer norm as in Ba, Kiros and Hinton (2016).
package struct UnitActivation {
  package static let epsilon: Float = 1e-5

  package let width: Int
  /// Whether rows are normalised. If not, `scale` and `shift` are not used.
  package let layerNorm: Bool
  package let bias: UnsafePointer<Float>
  package let scale: UnsafePointer<Float>
  package let shift: UnsafePointer<Float>
  /// The dropout; nil for predictions.
  package let dropout: Dropout?

  package init(
    width: Int, layerNorm: Bool, bias: UnsafePointer<Float>, scale: UnsafePointer<Float>, shift: UnsafePointer<Float>,
    dropout: Dropout?
  ) {
    self.width = width
    self.layerNorm = layerNorm
    self.bias = bias
    self.scale = scale
    self.shift = shift
    self.dropout = dropout
  }

  /// The element numbers of dropout start at a multiple of four in each row.
  package var firstElementStride: Int { (width + 3) & ~3 }
}

extension Matrix {
  @inline(__always)
  fileprivate func row(_ index: Int) -> UnsafeMutablePointer<Float> { pointer + index * columns }
}

private typealias Vector = SIMD8<Float>

/// The columns of a row that one vector instruction processes: eight, or the remaining ones at the end of the row.
///
/// Kernels are written once, as a body for `forEachLanes`. In the copy for whole vectors the compiler removes the
/// handling of remainders.
private struct Lanes {
  let start: Int
  let count: Int

  /// The values at these columns of the row at `row`. Lanes beyond the end are 0.
  @inline(__always)
  func load(_ row: UnsafePointer<Float>) -> Vector {
    if count == Vector.scalarCount {
      return UnsafeRawPointer(row + start).loadUnaligned(as: Vector.self)
    }
    var vector = Vector.zero
    for lane in 0..<count { vector[lane] = row[start + lane] }
    return vector
  }

  @inline(__always)
  func store(_ vector: Vector, _ row: UnsafeMutablePointer<Float>) {
    if count == Vector.scalarCount {
      UnsafeMutableRawPointer(row + start).storeBytes(of: vector, as: Vector.self)
    } else {
      for lane in 0..<count { row[start + lane] = vector[lane] }
    }
  }
}

/// Calls `body` for all columns of a row of `width` values, eight at a time.
@inline(__always)
private func forEachLanes(_ width: Int, _ body: (Lanes) -> Void) {
  var start = 0
  while start + Vector.scalarCount <= width {
    body(Lanes(start: start, count: Vector.scalarCount))
    start += Vector.scalarCount
  }
  if start < width {
    body(Lanes(start: start, count: width - start))
  }
}
