import Testing

@testable import Numerics

/// Compares products that are split into parts with whole ones in double precision.
@Suite struct LayerProductTests {
  struct Case: CustomTestStringConvertible {
    var rows: Int
    var inputs: Int
    var units: Int

    var testDescription: String { "\(rows) rows, \(inputs) x \(units)" }
  }

  /// One part and several, few rows and many, parts of unequal size, and enough work for threads.
  static let cases = [
    Case(rows: 1, inputs: 1, units: 1), Case(rows: 3, inputs: 7, units: 129), Case(rows: 48, inputs: 65, units: 20),
    Case(rows: 49, inputs: 65, units: 131), Case(rows: 60, inputs: 301, units: 150),
    Case(rows: 401, inputs: 20, units: 40),
  ]
  static let kernels = VectorKernels.all

  private func random(_ count: Int, seed: UInt64) -> Buffer<Float> {
    var random = SeededGenerator(seed: seed)
    let buffer = Buffer(count, repeating: Float(0))
    for position in 0..<count { buffer.pointer[position] = Float(2 * random.uniform() - 1) }
    return buffer
  }

  private func results(
    _ given: Case, threads: Int, kernels: VectorKernels
  ) -> (product: [Float], rowsGradient: [Float], weight: [Float]) {
    let (rows, weight, gradient) = (
      random(given.rows * given.inputs, seed: 1), random(given.inputs * given.units, seed: 2),
      random(given.rows * given.units, seed: 3)
    )
    func matrix(_ buffer: Buffer<Float>, _ rows: Int, _ columns: Int) -> Matrix {
      Matrix(pointer: buffer.pointer, rows: rows, columns: columns)
    }
    let layer = LayerProduct(
      largest: given.inputs * given.units, units: given.units, team: ThreadTeam(threads), kernels: kernels)
    let product = random(given.rows * given.units, seed: 4)
    layer.forward(
      matrix(rows, given.rows, given.inputs), matrix(weight, given.inputs, given.units),
      into: matrix(product, given.rows, given.units))
    let rowsGradient = random(given.rows * given.inputs, seed: 5)
    let state = OptimizerState(.sgd(momentum: 0), count: weight.count)
    layer.backward(
      matrix(rows, given.rows, given.inputs), matrix(weight, given.inputs, given.units),
      gradient: matrix(gradient, given.rows, given.units),
      rowsGradient: matrix(rowsGradient, given.rows, given.inputs), step: state.nextStep(rate: 0.5), start: 0,
      parameters: weight.pointer)
    return (product.array, rowsGradient.array, weight.array)
  }

  @Test(arguments: cases, kernels) func isTheWholeProduct(_ given: Case, _ kernels: VectorKernels) {
    let (rows, weight, gradient) = (
      random(given.rows * given.inputs, seed: 1).array.map(Double.init),
      random(given.inputs * given.units, seed: 2).array.map(Double.init),
      random(given.rows * given.units, seed: 3).array.map(Double.init)
    )
    func isClose(_ values: [Float], _ expected: (Int) -> Double) -> Bool {
      values.indices.allSatisfy { abs(Double(values[$0]) - expected($0)) < 1e-4 }
    }
    let (inputs, units) = (given.inputs, given.units)
    let results = results(given, threads: 1, kernels: kernels)
    #expect(
      isClose(results.product) { place in
        (0..<inputs).reduce(0) { $0 + rows[place / units * inputs + $1] * weight[$1 * units + place % units] }
      })
    // The weight before the step.
    #expect(
      isClose(results.rowsGradient) { place in
        (0..<units).reduce(0) { $0 + gradient[place / inputs * units + $1] * weight[place % inputs * units + $1] }
      })
    #expect(
      isClose(results.weight) { place in
        let gradient = (0..<given.rows).reduce(0) {
          $0 + rows[$1 * inputs + place / units] * gradient[$1 * units + place % units]
        }
        return weight[place] - 0.5 * gradient
      })
  }

  @Test(arguments: cases, kernels) func threadsDecideOnNoBit(_ given: Case, _ kernels: VectorKernels) {
    let one = results(given, threads: 1, kernels: kernels)
    for threads in [2, 3] {
      let many = results(given, threads: threads, kernels: kernels)
      #expect(one.product.map(\.bitPattern) == many.product.map(\.bitPattern))
      #expect(one.rowsGradient.map(\.bitPattern) == many.rowsGradient.map(\.bitPattern))
      #expect(one.weight.map(\.bitPattern) == many.weight.map(\.bitPattern))
    }
  }
}
