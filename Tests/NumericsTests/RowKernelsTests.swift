import Testing

@testable import Numerics

/// Compares the vectorised kernels with plain ones, at widths that are multiples of a vector's and at others.
@Suite struct RowKernelsTests {
  static let widths = [1, 5, 8, 31, 32, 40, 64, 77]
  static let kernels = VectorKernels.all

  /// Rows of random numbers, as a buffer and as arrays.
  private struct RandomRows {
    let buffer: Buffer<Float>
    let plain: [[Double]]
    let width: Int

    init(_ rows: Int, _ width: Int, seed: UInt64) {
      var random = SeededGenerator(seed: seed)
      buffer = Buffer(rows * width, repeating: 0)
      for position in 0..<rows * width { buffer.pointer[position] = Float(2 * random.uniform() - 1) }
      self.width = width
      let values = buffer.array.map(Double.init)
      plain = (0..<rows).map { Array(values[$0 * width..<($0 + 1) * width]) }
    }

    var matrix: Matrix { Matrix(pointer: buffer.pointer, rows: plain.count, columns: width) }
  }

  private func isClose(_ buffer: Buffer<Float>, _ plain: [[Double]]) -> Bool {
    zip(buffer.array, plain.joined()).allSatisfy { abs(Double($0) - $1) <= 2e-5 * max(1, abs($1)) }
      && buffer.count == plain.reduce(0) { $0 + $1.count }
  }

  /// A sparse matrix of `rows` rows over `columns` rows; some rows are empty, some have many entries.
  private func sparse(
    _ rows: Int, over columns: Int, seed: UInt64
  ) -> (rows: SparseRows, plain: [[(column: Int, weight: Double)]]) {
    var random = SeededGenerator(seed: seed)
    let result = SparseRows(rowCapacity: rows, entryCapacity: rows * columns)
    var plain: [[(column: Int, weight: Double)]] = []
    for row in 0..<rows {
      let entries = (0..<columns).filter { _ in random.uniform() < Double(row) / Double(rows) }.map {
        (column: $0, weight: Double(Int.random(in: 1...3, using: &random)))
      }
      for entry in entries {
        result.columns.pointer[result.entryCount] = Int32(entry.column)
        result.weights.pointer[result.entryCount] = Float(entry.weight)
        result.setCounts(rows: row, entries: result.entryCount + 1)
      }
      result.offsets.pointer[row + 1] = Int32(result.entryCount)
      result.setCounts(rows: row + 1, entries: result.entryCount)
      plain.append(entries)
    }
    return (result, plain)
  }

  @Test(arguments: widths, kernels) func sums(_ width: Int, _ kernels: VectorKernels) {
    let values = RandomRows(9, width, seed: 1)
    let sums = sparse(7, over: 9, seed: 2)
    let result = RandomRows(7, width, seed: 3)
    RowKernels.sum(sums.rows, of: values.matrix, into: result.matrix, kernels: kernels)
    #expect(isClose(result.buffer, PlainKernels.sum(sums.plain, of: values.plain)))
  }

  @Test(arguments: [1, 2, 7]) func transposes(_ columns: Int) {
    let values = RandomRows(6, 3, seed: 1)
    let sums = sparse(6, over: columns, seed: 4)
    let transposed = SparseRows(rowCapacity: columns, entryCapacity: 6 * columns)
    transposed.transpose(sums.rows, rowCount: columns)
    let result = RandomRows(columns, 3, seed: 3)
    RowKernels.sum(transposed, of: values.matrix, into: result.matrix)
    let plain = (0..<columns).map { column in
      sums.plain.enumerated().flatMap { row, entries in
        entries.filter { $0.column == column }.map { (column: row, weight: $0.weight) }
      }
    }
    #expect(isClose(result.buffer, PlainKernels.sum(plain, of: values.plain)))
  }

  @Test(arguments: widths, [true, false]) func readOut(_ width: Int, _ backward: Bool) {
    let values = RandomRows(5, width, seed: 1)
    let weight = RandomRows(1, width, seed: 2)
    let share = RandomRows(1, 5, seed: 3)
    if backward {
      let weightGradient = RandomRows(1, width, seed: 4)
      let gradient = RandomRows(5, width, seed: 5)
      RowKernels.readOutBackward(
        values.matrix, weight: weight.buffer.pointer, resultGradient: share.buffer.pointer,
        weightGradient: weightGradient.buffer.pointer, valuesGradient: gradient.matrix)
      #expect(isClose(gradient.buffer, share.plain[0].map { share in weight.plain[0].map { $0 * share } }))
      let expected = (0..<width).map { column in
        weightGradient.plain[0][column] + (0..<5).reduce(0) { $0 + share.plain[0][$1] * values.plain[$1][column] }
      }
      #expect(isClose(weightGradient.buffer, [expected]))
    } else {
      RowKernels.readOut(values.matrix, weight: weight.buffer.pointer, into: share.buffer.pointer)
      #expect(isClose(share.buffer, [values.plain.map { zip($0, weight.plain[0]).reduce(0) { $0 + $1.0 * $1.1 } }]))
    }
  }

  struct Case: CustomTestStringConvertible {
    var width: Int
    var layerNorm: Bool
    var dropout: Double
    var summed: Bool

    var testDescription: String { "\(width) units, norm \(layerNorm), dropout \(dropout), summed \(summed)" }
  }

  static let cases = widths.flatMap { width in
    [true, false].flatMap { layerNorm in
      [0, 0.4].flatMap { dropout in
        [true, false].map { Case(width: width, layerNorm: layerNorm, dropout: dropout, summed: $0) }
      }
    }
  }

  @Test(arguments: cases, kernels)
  func activationForwardAndBackward(_ given: Case, _ kernels: VectorKernels) {
    let rows = 6
    let vectors = RandomRows(3, given.width, seed: 9)
    let dropout = given.dropout > 0 ? Dropout(probability: given.dropout, seed: 21) : nil
    let activation = UnitActivation(
      width: given.width, layerNorm: given.layerNorm, bias: vectors.buffer.pointer,
      scale: vectors.buffer.pointer + given.width,
      shift: vectors.buffer.pointer + 2 * given.width, dropout: dropout)
    let plain = PlainKernels.Activation(
      bias: vectors.plain[0], scale: vectors.plain[1], shift: vectors.plain[2], layerNorm: given.layerNorm
    ) { row, column in
      guard let dropout else { return 1 }
      return dropout.keeps(row * ((given.width + 3) & ~3) + column) ? Double(dropout.scale) : 0
    }
    let source = RandomRows(rows, given.width, seed: 5)
    let sums = sparse(rows, over: rows, seed: 6)
    let z = RandomRows(rows, given.width, seed: 7)
    let result = RandomRows(rows, given.width, seed: 8)
    let reciprocals = Buffer(rows, repeating: Float(0))
    RowKernels.activate(
      activation, z.matrix, sums: given.summed ? sums.rows : nil, of: given.summed ? source.matrix : nil,
      into: result.matrix, reciprocals: reciprocals.pointer, kernels: kernels)
    let plainZ = given.summed ? PlainKernels.sum(sums.plain, of: source.plain) : z.plain
    let expected = plain.forward(plainZ)
    if given.layerNorm { #expect(isClose(z.buffer, expected.normalised)) }
    #expect(isClose(result.buffer, expected.result))

    let gradient = RandomRows(rows, given.width, seed: 11)
    let sourceGradient = RandomRows(rows, given.width, seed: 12)
    let vectorGradients = Buffer(3 * given.width, repeating: Float(0))
    RowKernels.activateBackward(
      activation, gradient.matrix, sums: given.summed ? sums.rows : nil, of: given.summed ? sourceGradient.matrix : nil,
      normalised: z.matrix, result: result.matrix, reciprocals: reciprocals.pointer,
      vectorGradients: vectorGradients.pointer, kernels: kernels)
    let plainGradient = given.summed ? PlainKernels.sum(sums.plain, of: sourceGradient.plain) : gradient.plain
    let back = plain.backward(plainGradient, plainZ)
    // If the variance is near 0, as with a single column, single precision has fewer correct digits.
    let tolerance = 1e-3 * (reciprocals.array.max() ?? 1)
    for (value, expected) in zip(gradient.buffer.array, back.z.joined()) {
      #expect(abs(value - Float(expected)) <= tolerance)
    }
    let expectedVectors = [back.bias] + (given.layerNorm ? [back.scale, back.shift] : [])
    for (value, expected) in zip(vectorGradients.array, expectedVectors.joined()) {
      #expect(abs(value - Float(expected)) <= tolerance * Float(rows))
    }
  }
}
