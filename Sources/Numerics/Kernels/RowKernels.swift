/// The loops over rows of vectors that a GCN's time goes into, apart from its matrix products: by `VectorKernels`, or
/// as written here where there are none.
///
/// They stand in one file because the compiler inlines across files only in whole-module builds, and these helpers must
/// be inlined. Every kernel works on whole matrices; tests compare each with a plain version.
package enum RowKernels {
  /// `result = sums * values`: each row a weighted sum of rows of `values`.
  ///
  /// - Parameter rows: Which rows of the result, as everywhere here, to compute; all, if nil.
  package static func sum(
    _ sums: SparseRows, of values: Matrix, into result: Matrix, rows: Range<Int>? = nil,
    kernels: VectorKernels? = .present
  ) {
    let rows = rows ?? 0..<result.rows
    if let kernels { return kernels.sum(sums, of: values, into: result, rows: rows) }
    let entries = Entries(sums)
    for row in rows { entries.sum(row: row, of: values, into: result.row(row)) }
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
    reciprocals: UnsafeMutablePointer<Float>, rows: Range<Int>? = nil, kernels: VectorKernels? = .present
  ) {
    let rows = rows ?? 0..<z.rows
    if let kernels {
      kernels.activate(
        activation, z, sums: sums, of: source, into: result, reciprocals: reciprocals, rows: rows)
    } else {
      let entries = sums.map(Entries.init)
      for row in rows {
        if let entries, let source { entries.sum(row: row, of: source, into: z.row(row)) }
        reciprocals[row] = activation.forward(z: z.row(row), h: result.row(row))
      }
    }
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
    rows: Range<Int>? = nil, kernels: VectorKernels? = .present
  ) {
    let rows = rows ?? 0..<gradient.rows
    if let kernels {
      return kernels.activateBackward(
        activation, gradient, sums: sums, of: source, normalised: normalised, result: result, reciprocals: reciprocals,
        vectorGradients: vectorGradients, rows: rows)
    }
    let entries = sums.map(Entries.init)
    for row in rows {
      if let entries, let source { entries.sum(row: row, of: source, into: gradient.row(row)) }
      activation.backward(
        gradient: gradient.row(row), x: normalised.row(row), h: result.row(row), reciprocal: reciprocals[row],
        biasGradient: vectorGradients, scaleGradient: vectorGradients + gradient.columns,
        shiftGradient: vectorGradients + 2 * gradient.columns)
    }
  }
}

/// A sparse matrix as the bare pointers that inner loops want.
private struct Entries {
  let offsets: UnsafePointer<Int32>
  let columns: UnsafePointer<Int32>
  let weights: UnsafePointer<Float>

  init(_ rows: SparseRows) {
    offsets = UnsafePointer(rows.offsets.pointer)
    columns = UnsafePointer(rows.columns.pointer)
    weights = UnsafePointer(rows.weights.pointer)
  }

  @inline(__always)
  func sum(row: Int, of values: Matrix, into result: UnsafeMutablePointer<Float>) {
    let (first, last) = (Int(offsets[row]), Int(offsets[row + 1]))
    // Four vectors at a time stay in registers while the entries are walked.
    let step = 4 * Vector.scalarCount
    var start = 0
    while start + step <= values.columns {
      var (sum0, sum1, sum2, sum3) = (Vector.zero, Vector.zero, Vector.zero, Vector.zero)
      for entry in first..<last {
        let source = UnsafePointer(values.row(Int(columns[entry])) + start)
        let weight = weights[entry]
        sum0 += weight * Lanes.whole(0).load(source)
        sum1 += weight * Lanes.whole(1).load(source)
        sum2 += weight * Lanes.whole(2).load(source)
        sum3 += weight * Lanes.whole(3).load(source)
      }
      Lanes.whole(0).store(sum0, result + start)
      Lanes.whole(1).store(sum1, result + start)
      Lanes.whole(2).store(sum2, result + start)
      Lanes.whole(3).store(sum3, result + start)
      start += step
    }
    let done = start
    forEachLanes(values.columns - done) { lanes in
      var sum = Vector.zero
      for entry in first..<last { sum += weights[entry] * lanes.load(values.row(Int(columns[entry])) + done) }
      lanes.store(sum, result + done)
    }
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

  /// Turns `z` into the normalised `x` in place, writes `h` before dropout, and returns the reciprocal standard
  /// deviation.
  @inline(__always)
  fileprivate func forward(z: UnsafeMutablePointer<Float>, h: UnsafeMutablePointer<Float>) -> Float {
    layerNorm ? normalised(z, h) : plain(z, h)
  }

  @inline(__always)
  private func plain(_ z: UnsafeMutablePointer<Float>, _ h: UnsafeMutablePointer<Float>) -> Float {
    forEachLanes(width) { $0.store(($0.load(z) + $0.load(bias)).rectified, h) }
    return 1
  }

  @inline(__always)
  private func normalised(_ z: UnsafeMutablePointer<Float>, _ h: UnsafeMutablePointer<Float>) -> Float {
    var sum = Vector.zero
    forEachLanes(width) { lanes in
      let y = lanes.load(z) + lanes.load(bias)
      sum += y
      lanes.store(y, z)
    }
    let mean = sum.sum() / Float(width)
    var squares = Vector.zero
    forEachLanes(width) { lanes in
      let centred = lanes.valid(lanes.load(z) - mean)
      squares += centred * centred
    }
    let reciprocal = 1 / (squares.sum() / Float(width) + Self.epsilon).squareRoot()
    forEachLanes(width) { lanes in
      let x = (lanes.load(z) - mean) * reciprocal
      lanes.store(x, z)
      lanes.store((x * lanes.load(scale) + lanes.load(shift)).rectified, h)
    }
    return reciprocal
  }

  /// Turns `gradient` with respect to `h` into that with respect to `z`, in place, and adds the row's share to the
  /// gradients of bias, scale and shift.
  ///
  /// - Parameters:
  ///   - x: What `forward` left in place of `z`; not read without layer norm.
  ///   - h: What `forward` wrote.
  ///   - reciprocal: What `forward` returned.
  @inline(__always)
  fileprivate func backward(
    gradient: UnsafeMutablePointer<Float>, x: UnsafePointer<Float>, h: UnsafePointer<Float>, reciprocal: Float,
    biasGradient: UnsafeMutablePointer<Float>, scaleGradient: UnsafeMutablePointer<Float>,
    shiftGradient: UnsafeMutablePointer<Float>
  ) {
    let factor = dropout?.scale ?? 1
    guard layerNorm else {
      forEachLanes(width) { lanes in
        let passed = (lanes.load(gradient) * factor).masked(where: lanes.load(h))
        lanes.store(passed, gradient)
        lanes.store(lanes.load(biasGradient) + passed, biasGradient)
      }
      return
    }
    var sum = Vector.zero
    var projection = Vector.zero
    forEachLanes(width) { lanes in
      let passed = (lanes.load(gradient) * factor).masked(where: lanes.load(h))
      let position = lanes.load(x)
      let scaled = passed * lanes.load(scale)
      lanes.store(lanes.load(scaleGradient) + passed * position, scaleGradient)
      lanes.store(lanes.load(shiftGradient) + passed, shiftGradient)
      lanes.store(scaled, gradient)
      sum += scaled
      projection += scaled * position
    }
    let mean = sum.sum() / Float(width)
    let slope = projection.sum() / Float(width)
    forEachLanes(width) { lanes in
      let result = (lanes.load(gradient) - mean - lanes.load(x) * slope) * reciprocal
      lanes.store(result, gradient)
      lanes.store(lanes.load(biasGradient) + result, biasGradient)
    }
  }
}

extension SIMD8<Float> {
  /// 0 in place of every negative lane.
  @inline(__always)
  fileprivate var rectified: Self { Self.zero.replacing(with: self, where: self .> 0) }

  /// 0 in place of every lane in which `output`, which went through a rectifier, is 0.
  @inline(__always)
  fileprivate func masked(where output: Self) -> Self { Self.zero.replacing(with: self, where: output .> 0) }
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

  /// The whole vector with this number.
  @inline(__always)
  static func whole(_ number: Int) -> Lanes { Lanes(start: number * Vector.scalarCount, count: Vector.scalarCount) }

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

  /// `vector` with 0 in the lanes past the end of the row.
  @inline(__always)
  func valid(_ vector: Vector) -> Vector {
    if count == Vector.scalarCount { return vector }
    var result = Vector.zero
    for lane in 0..<count { result[lane] = vector[lane] }
    return result
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
