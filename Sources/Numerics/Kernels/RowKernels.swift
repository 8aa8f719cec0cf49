/// The loops over rows of vectors that a GCN's time goes into, apart from its matrix products.
///
/// Every kernel works on whole matrices; tests compare each with a plain version.
package enum RowKernels {
  /// `result = sums * values`: each row a weighted sum of rows of `values`.
  ///
  /// - Parameter rows: Which rows of the result, as everywhere here, to compute; all, if nil.
  package static func sum(
    _ sums: SparseRows, of values: Matrix, into result: Matrix, rows: Range<Int>? = nil,
    kernels: VectorKernels = .present
  ) {
    kernels.sum(sums, of: values, into: result, rows: rows ?? 0..<result.rows)
  }

  /// One number a row: its product with `weight`.
  package static func readOut(_ values: Matrix, weight: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>)
  {
    for row in 0..<values.rows {
      let source = values.row(row)
      var sum = Vector.zero
      forEachLanes(values.columns) { sum += $0.load(source) * $0.load(weight) }
      result[row] = sum.sum()
    }
  }

  /// The gradients of `readOut`, given that of its result: adds to that of `weight`, fills that of `values`.
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

  /// A layer's `activation` of the rows of `z`, which become the normalised ones; with `sums`, the rows of `z` are
  /// first computed as those sums of rows of `source`. Where `result` is `z`, only the result is kept.
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

  /// Takes `gradient` from a layer's result to its `z`, in place, and adds to the gradients of the layer's vectors;
  /// with `sums`, the rows of `gradient` are first computed as those sums of rows of `source`.
  ///
  /// - Parameter vectorGradients: Those of bias, scale and shift, one behind the other.
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

/// What a layer does to one row after its matrix product, forward and backward, in one pass while the row is in cache:
///
///     y = z + bias;  x = (y - mean(y)) / sqrt(variance(y) + epsilon);  h = dropout(relu(scale * x + shift))
///
/// Without layer norm: `h = dropout(relu(z + bias))`. Layer norm as in Ba, Kiros and Hinton (2016).
package struct UnitActivation {
  package static let epsilon: Float = 1e-5

  package let width: Int
  /// Whether rows are normalised; if not, `scale` and `shift` are not read.
  package let layerNorm: Bool
  package let bias: UnsafePointer<Float>
  package let scale: UnsafePointer<Float>
  package let shift: UnsafePointer<Float>
  /// Nil when predicting.
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

  /// Dropout numbers the elements of each row from a multiple of four on.
  package var firstElementStride: Int { (width + 3) & ~3 }
}

extension Matrix {
  @inline(__always)
  fileprivate func row(_ index: Int) -> UnsafeMutablePointer<Float> { pointer + index * columns }
}

private typealias Vector = SIMD8<Float>

/// The columns of a row that one vector instruction works on: eight, or at the end of the row the remaining ones.
///
/// Kernels are written once, as a body for `forEachLanes`; in its copy for whole vectors the compiler drops the
/// handling of remainders.
private struct Lanes {
  let start: Int
  let count: Int

  /// The values at these columns of the row at `row`; lanes past the end are 0.
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
