import Testing

@testable import Numerics

/// Compares the kernels of each instruction set with plain sums in double precision.
@Suite struct VectorKernelsTests {
  struct Case: CustomTestStringConvertible {
    var rows: Int
    var inner: Int
    var columns: Int

    var testDescription: String { "\(rows) x \(inner) times \(inner) x \(columns)" }
  }

  /// Tiles that divide the shape evenly and others, single rows, and more rows than fit in cache.
  static let cases = [
    Case(rows: 3, inner: 5, columns: 3), Case(rows: 1, inner: 16, columns: 16), Case(rows: 2, inner: 40, columns: 17),
    Case(rows: 5, inner: 33, columns: 31), Case(rows: 11, inner: 17, columns: 32),
    Case(rows: 13, inner: 100, columns: 33),
    Case(rows: 29, inner: 64, columns: 100), Case(rows: 97, inner: 20, columns: 59),
    Case(rows: 200, inner: 18, columns: 40), Case(rows: 14, inner: 2100, columns: 70),
  ]

  private func random(_ rows: Int, _ columns: Int, seed: UInt64) -> (buffer: Buffer<Float>, matrix: Matrix) {
    var random = SeededGenerator(seed: seed)
    let buffer = Buffer(rows * columns, repeating: Float(0))
    for position in 0..<rows * columns { buffer.pointer[position] = Float(2 * random.uniform() - 1) }
    return (buffer, Matrix(pointer: buffer.pointer, rows: rows, columns: columns))
  }

  /// The product element by element, with either factor transposed.
  private func plain(_ left: Matrix, _ right: Matrix, rows: Int, columns: Int) -> [Double] {
    func element(_ matrix: Matrix, _ row: Int, _ column: Int) -> Double {
      Double(matrix.pointer[matrix.isTransposed ? column * matrix.rowStride + row : row * matrix.rowStride + column])
    }
    let inner = left.isTransposed ? left.rows : left.columns
    return (0..<rows * columns).map { place in
      (0..<inner).reduce(0) { $0 + element(left, place / columns, $1) * element(right, $1, place % columns) }
    }
  }

  @Test(arguments: cases, VectorKernels.all) func productsArePlainOnes(_ given: Case, _ kernels: VectorKernels) {
    let result = random(given.rows, given.columns, seed: 3)
    for (leftTransposed, rightTransposed) in [(false, false), (false, true), (true, false)] {
      var left = random(given.rows, given.inner, seed: 1)
      if leftTransposed { left = random(given.inner, given.rows, seed: 1) }
      var right = random(given.inner, given.columns, seed: 2)
      if rightTransposed { right = random(given.columns, given.inner, seed: 2) }
      let factors = (
        leftTransposed ? left.matrix.transposed : left.matrix, rightTransposed ? right.matrix.transposed : right.matrix
      )
      kernels.multiply(factors.0, factors.1, into: result.matrix)
      let expected = plain(factors.0, factors.1, rows: given.rows, columns: given.columns)
      #expect(
        zip(result.buffer.array, expected).allSatisfy { abs(Double($0) - $1) < 2e-5 * Double(given.inner).squareRoot() }
      )
    }
  }

  @Test(arguments: cases, VectorKernels.all) func stepsArePlainOnes(_ given: Case, _ kernels: VectorKernels) {
    // The used rows and their gradients: the weight has as many rows as the first has columns.
    let (used, gradient) = (random(given.inner, given.rows, seed: 1), random(given.inner, given.columns, seed: 2))
    let count = given.rows * given.columns
    let (moved, expected) = (random(given.rows, given.columns, seed: 3), random(given.rows, given.columns, seed: 3))
    let states = [OptimizerState(.adamW(), count: count), OptimizerState(.adamW(), count: count)]
    let product = random(given.rows, given.columns, seed: 4)
    kernels.multiply(used.matrix.transposed, gradient.matrix, into: product.matrix)
    for _ in 0..<3 {
      #expect(
        kernels.step(
          states[0].nextStep(rate: 0.1), used.matrix, gradient.matrix, range: 0..<count, of: moved.buffer.pointer))
      states[1].nextStep(rate: 0.1).apply(
        0..<count, of: expected.buffer.pointer, gradients: product.buffer.pointer, kernels: kernels)
    }
    #expect(moved.buffer.array.map(\.bitPattern) == expected.buffer.array.map(\.bitPattern))
  }

  /// Work may be split anywhere.
  @Test(arguments: VectorKernels.all) func partsHaveTheBitsOfTheWhole(_ kernels: VectorKernels) {
    let (left, right) = (random(37, 50, seed: 1), random(50, 90, seed: 2))
    let (whole, parts) = (random(37, 90, seed: 3), random(37, 90, seed: 4))
    kernels.multiply(left.matrix, right.matrix, into: whole.matrix)
    for (rows, columns) in [(0..<20, 0..<40), (0..<20, 40..<90), (20..<37, 0..<17), (20..<37, 17..<90)] {
      kernels.multiply(
        left.matrix.rows(rows), right.matrix.columns(columns), into: parts.matrix.rows(rows).columns(columns))
    }
    #expect(whole.buffer.array.map(\.bitPattern) == parts.buffer.array.map(\.bitPattern))
  }
}
