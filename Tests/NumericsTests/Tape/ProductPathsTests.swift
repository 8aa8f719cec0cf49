import Testing

@testable import Numerics

/// Products on the tape and their gradients give the same bits with all kernels that this processor supports, on
/// every path: small products by the tape's kernels, others by `MatrixProduct`, with and without a transpose in
/// memory.
@Suite struct ProductPathsTests {
  struct Shape: CustomTestStringConvertible {
    var rows: Int
    var inner: Int
    var columns: Int
    var batches = 1

    var testDescription: String { "\(rows) x \(inner) x \(columns), \(batches)" }
  }

  static let shapes = [
    Shape(rows: 3, inner: 5, columns: 2), Shape(rows: 7, inner: 33, columns: 15), Shape(rows: 9, inner: 40, columns: 1),
    Shape(rows: 17, inner: 31, columns: 16), Shape(rows: 97, inner: 12, columns: 65),
    Shape(rows: 11, inner: 300, columns: 20), Shape(rows: 280, inner: 9, columns: 17),
    Shape(rows: 6, inner: 13, columns: 19, batches: 3), Shape(rows: 5, inner: 4, columns: 3, batches: 4),
  ]

  @Test(arguments: shapes, [Variable.Transposing.none, .left, .right])
  func pathsGiveTheSameBits(_ shape: Shape, _ transposing: Variable.Transposing) throws {
    var random = SeededGenerator(seed: 21)
    func values(_ count: Int) -> [Double] {
      (0..<count).map { _ in (random.uniform() - 0.5) * (random.next() % 5 == 0 ? 1000 : 1) }
    }
    let left = transposing == .left ? (shape.inner, shape.rows) : (shape.rows, shape.inner)
    let right = transposing == .right ? (shape.columns, shape.inner) : (shape.inner, shape.columns)
    let (leftValues, rightValues) = (values(shape.batches * left.0 * left.1), values(shape.batches * right.0 * right.1))
    let weights = values(shape.batches * shape.rows * shape.columns)

    func results(path: Int, threads: Int) throws -> [[UInt32]] {
      let tape = Tape(precision: .single, team: ThreadTeam(threads), path: path)
      let a = tape.variable(leftValues, rows: shape.batches * left.0, columns: left.1)
      let b = tape.variable(rightValues, rows: shape.batches * right.0, columns: right.1)
      let product = try a.product(b, transposing: transposing, batches: shape.batches)
      let weighted = try product * tape.constant(weights, rows: shape.batches * shape.rows, columns: shape.columns)
      let gradients = try tape.gradients(of: weighted.sum(), withRespectTo: [a, b])
      return ([product] + gradients).map { $0.floats.map(\.bitPattern) }
    }
    defer { VectorKernels.all.first.map(VectorKernels.use) }
    var expected: [[UInt32]]?
    for path in TapeInstructions.all {
      // Large products use the process's kernels.
      let choice = KernelChoice.allCases[path]
      let kernels = try #require(VectorKernels(choice))
      VectorKernels.use(kernels)
      for threads in [1, 2] {
        let found = try results(path: path, threads: threads)
        #expect(found == expected ?? found, "\(choice.rawValue), \(threads) threads")
        expected = found
      }
    }
    #expect(expected != nil)
  }
}
