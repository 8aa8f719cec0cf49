import Testing

@testable import Numerics

/// All kernels that this processor supports give the same bits as the plain kernels, for any shapes.
@Suite struct EqualBitsTests {
  private static let plain = VectorKernels(.plain)
  private static let others = VectorKernels.all.filter { $0.name != "plain" }

  private func random(_ count: Int, _ random: inout SeededGenerator) -> [Float] {
    // Several orders of magnitude, so that every order of a sum rounds differently; some values are zero or
    // subnormal.
    (0..<count).map { _ in
      let number = Float(2 * random.uniform() - 1)
      switch random.next() % 40 {
      case 0: return 0
      case 1: return number * 0x1p-130
      case 2...9: return number * 1000
      default: return number
      }
    }
  }

  private func buffer(_ values: [Float]) -> Buffer<Float> {
    let buffer = Buffer(values.count, repeating: Float(0))
    buffer.copy(values)
    return buffer
  }

  private func bits(_ buffer: Buffer<Float>) -> [UInt32] { buffer.array.map(\.bitPattern) }

  /// Rows, inner dimension and columns: many small shapes, and some that fill blocks.
  private static func shapes(_ random: inout SeededGenerator) -> [(Int, Int, Int)] {
    (0..<120).map { number in
      let most = number % 6 == 0 ? 150 : 40
      return (
        Int.random(in: 1...most, using: &random), Int.random(in: 1...most, using: &random),
        Int.random(in: 1...most, using: &random)
      )
    } + [(97, 33, 35), (2, 300, 64), (13, 1, 1), (1, 1, 600), (5, 600, 4)]
  }

  @Test func productsOfAnyShape() throws {
    let plain = try #require(Self.plain)
    var generator = SeededGenerator(seed: 13)
    for (rows, inner, columns) in Self.shapes(&generator) {
      let left = buffer(random(rows * inner, &generator))
      let right = buffer(random(inner * columns, &generator))
      func results(_ kernels: VectorKernels) -> [[UInt32]] {
        [(false, false), (false, true), (true, false), (true, true)].map { leftTransposed, rightTransposed in
          let result = Buffer(rows * columns, repeating: Float(7))
          let leftMatrix = Matrix(
            pointer: left.pointer, rows: leftTransposed ? inner : rows, columns: leftTransposed ? rows : inner)
          let rightMatrix = Matrix(
            pointer: right.pointer, rows: rightTransposed ? columns : inner, columns: rightTransposed ? inner : columns)
          kernels.multiply(
            leftTransposed ? leftMatrix.transposed : leftMatrix, rightTransposed ? rightMatrix.transposed : rightMatrix,
            into: Matrix(pointer: result.pointer, rows: rows, columns: columns))
          return bits(result)
        }
      }
      let expected = results(plain)
      for kernels in Self.others {
        #expect(results(kernels) == expected, "\(kernels.name): \(rows) x \(inner) x \(columns)")
      }
    }
  }

  @Test func stepsOfAnyShape() throws {
    let plain = try #require(Self.plain)
    var generator = SeededGenerator(seed: 14)
    for (inner, rows, columns) in Self.shapes(&generator) {
      let used = buffer(random(inner * rows, &generator))
      let gradient = buffer(random(inner * columns, &generator))
      let start = random(rows * columns, &generator)
      func results(_ kernels: VectorKernels) -> [[UInt32]] {
        let fused = buffer(start)
        let apart = buffer(start)
        let states = [OptimizerState(.adamW(), count: start.count), OptimizerState(.adamW(), count: start.count)]
        for _ in 0..<2 {
          let step = states[0].nextStep(rate: 0.01)
          #expect(
            kernels.step(
              step, Matrix(pointer: used.pointer, rows: inner, columns: rows),
              Matrix(pointer: gradient.pointer, rows: inner, columns: columns), range: 0..<start.count,
              of: fused.pointer))
          // If a gradient is clipped to a norm, the step reads it from memory.
          states[1].nextStep(rate: 0.01, gradientScale: 0.37).apply(
            0..<start.count, of: apart.pointer, gradients: start, kernels: kernels)
        }
        return [bits(fused), bits(apart)]
      }
      let expected = results(plain)
      for kernels in Self.others {
        #expect(results(kernels) == expected, "\(kernels.name): \(rows) x \(inner) x \(columns)")
      }
    }
  }

  @Test(arguments: [true, false]) func rowsOfAnyWidth(_ layerNorm: Bool) throws {
    let plain = try #require(Self.plain)
    var generator = SeededGenerator(seed: 15)
    for width in Array(1...70) + [127, 600] {
      let rows = 1 + width % 5
      let sums = SparseRows(rowCapacity: rows, entryCapacity: rows * rows)
      var entry = 0
      for row in 0..<rows {
        for column in 0..<rows where generator.next() % 2 == 0 {
          sums.columns.pointer[entry] = Int32(column)
          sums.weights.pointer[entry] = Float(generator.uniform())
          entry += 1
        }
        sums.offsets.pointer[row + 1] = Int32(entry)
      }
      sums.setCounts(rows: rows, entries: entry)
      let values = (0..<6).map { _ in random(rows * width, &generator) }
      let vectors = buffer(random(3 * width, &generator))
      let activation = UnitActivation(
        width: width, layerNorm: layerNorm, bias: vectors.pointer, scale: vectors.pointer + width,
        shift: vectors.pointer + 2 * width, dropout: Dropout(probability: 0.3, seed: 2))
      func results(_ kernels: VectorKernels) -> [[UInt32]] {
        let copies = values.map(buffer)
        let reciprocals = Buffer(rows, repeating: Float(0))
        let gradients = Buffer(3 * width, repeating: Float(0))
        func matrix(_ number: Int) -> Matrix {
          Matrix(pointer: copies[number].pointer, rows: rows, columns: width)
        }
        RowKernels.sum(sums, of: matrix(0), into: matrix(1), kernels: kernels)
        RowKernels.activate(
          activation, matrix(2), sums: sums, of: matrix(1), into: matrix(3), reciprocals: reciprocals.pointer,
          kernels: kernels)
        RowKernels.activateBackward(
          activation, matrix(4), sums: width % 2 == 0 ? sums : nil, of: width % 2 == 0 ? matrix(5) : nil,
          normalised: matrix(2), result: matrix(3), reciprocals: reciprocals.pointer,
          vectorGradients: gradients.pointer, kernels: kernels)
        return copies.map(bits) + [bits(reciprocals), bits(gradients)]
      }
      let expected = results(plain)
      for kernels in Self.others {
        #expect(results(kernels) == expected, "\(kernels.name): \(width) units")
      }
    }
  }

  /// The orders of sums that `Sources/CKernels/vectors.inc` describes, written out.
  @Test(arguments: [1, 7, 16, 31, 75]) func sumsHaveTheDefinedOrder(_ inner: Int) {
    var generator = SeededGenerator(seed: UInt64(inner))
    let (left, right) = (random(inner, &generator), random(inner, &generator))
    var inTurn: Float = 0
    var partial = [Float](repeating: 0, count: 16)
    for index in 0..<inner {
      inTurn.addProduct(left[index], right[index])
      partial[index % 16].addProduct(left[index], right[index])
    }
    let groups = (0..<4).map { (group: Int) -> Float in
      let terms = partial[4 * group..<4 * group + 4].map { $0 }
      let even: Float = terms[0] + terms[2]
      let odd: Float = terms[1] + terms[3]
      return even + odd
    }
    let tree = (groups[0] + groups[1]) + (groups[2] + groups[3])
    let (leftBuffer, rightBuffer) = (buffer(left), buffer(right))
    for kernels in VectorKernels.all {
      let result = Buffer(1, repeating: Float(0))
      let target = Matrix(pointer: result.pointer, rows: 1, columns: 1)
      let row = Matrix(pointer: leftBuffer.pointer, rows: 1, columns: inner)
      kernels.multiply(row, Matrix(pointer: rightBuffer.pointer, rows: inner, columns: 1), into: target)
      #expect(result.pointer[0].bitPattern == inTurn.bitPattern, "\(kernels.name), \(inner) terms in turn")
      kernels.multiply(row, Matrix(pointer: rightBuffer.pointer, rows: 1, columns: inner).transposed, into: target)
      #expect(result.pointer[0].bitPattern == tree.bitPattern, "\(kernels.name), \(inner) terms as a tree")
    }
  }

  /// A product of one row, one column and one term is one fused multiply-add.
  @Test func plainMultiplicationWithAdditionIsRoundedOnce() throws {
    let plain = try #require(Self.plain)
    var generator = SeededGenerator(seed: 16)
    for number in 0..<4000 {
      func value() -> Float {
        number % 3 == 0
          ? Float(bitPattern: UInt32(truncatingIfNeeded: generator.next()) & 0xBFFF_FFFF)
          : Float(2 * generator.uniform() - 1)
      }
      let (a, b, c, d) = (value(), value(), value(), value())
      let (left, right) = (buffer([a, c]), buffer([b, d]))
      let result = Buffer(1, repeating: Float(0))
      plain.multiply(
        Matrix(pointer: left.pointer, rows: 1, columns: 2), Matrix(pointer: right.pointer, rows: 2, columns: 1),
        into: Matrix(pointer: result.pointer, rows: 1, columns: 1))
      let expected = Float(0).addingProduct(a, b).addingProduct(c, d)
      #expect(result.pointer[0].bitPattern == expected.bitPattern || expected.isNaN)
    }
  }
}
