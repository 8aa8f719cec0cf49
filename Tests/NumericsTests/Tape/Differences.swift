import Testing

@testable import Numerics

/// Compares derivatives of a function of matrices along random directions with central differences, in double
/// precision.
///
/// The function's result is multiplied by random weights and summed. Inputs are multiples of a step, so none lies
/// near a kink at 0.
struct Differences {
  private let given: GradientTests.Case
  private let inputs: [[Double]]
  private let directions: [[Double]]
  private let seed: UInt64

  init(_ given: GradientTests.Case, seed: UInt64) {
    self.given = given
    self.seed = seed
    var random = SeededGenerator(seed: seed)
    let width = given.range.upperBound - given.range.lowerBound
    inputs = given.shapes.map { shape in
      (0..<shape.0 * shape.1).map { _ in given.range.lowerBound + width * random.uniform() }
    }
    directions = given.shapes.map { shape in (0..<shape.0 * shape.1).map { _ in 2 * random.uniform() - 1 } }
  }

  private func moved(by step: Double) -> [[Double]] {
    zip(inputs, directions).map { zip($0, $1).map { $0 + step * $1 } }
  }

  private func loss(_ values: [[Double]], on tape: Tape) throws -> (inputs: [Variable], loss: Variable) {
    let variables = zip(values, given.shapes).map { tape.variable($0, rows: $1.0, columns: $1.1) }
    let result = try given.body(variables)
    var random = SeededGenerator(seed: seed &+ 1)
    let weights = (0..<result.rows * result.columns).map { _ in 0.5 + random.uniform() }
    return (variables, try (result * tape.constant(weights, rows: result.rows, columns: result.columns)).sum())
  }

  private func value(_ step: Double) throws -> Double {
    try loss(moved(by: step), on: Tape(precision: .double)).loss.scalar
  }

  /// The directional derivative by the gradients.
  private func slope(_ values: [[Double]]) throws -> Double {
    let tape = Tape(precision: .double)
    let (variables, loss) = try loss(values, on: tape)
    let gradients = try tape.gradients(of: loss, withRespectTo: variables)
    return product(gradients.map(\.values), directions)
  }

  /// The bits of the result and of the gradients.
  func bits(on tape: Tape) throws -> [UInt64] {
    let (variables, loss) = try loss(inputs, on: tape)
    let gradients = try tape.gradients(of: loss, withRespectTo: variables)
    return (loss.values + gradients.flatMap(\.values)).map(\.bitPattern)
  }

  private func product(_ left: [[Double]], _ right: [[Double]]) -> Double {
    zip(left, right).reduce(0) { $0 + zip($1.0, $1.1).reduce(0) { $0 + $1.0 * $1.1 } }
  }

  private static let step = 1e-5

  func checkGradient() throws {
    let step = Self.step
    let expected = try (value(step) - value(-step)) / (2 * step)
    let found = try slope(inputs)
    #expect(abs(found - expected) <= 1e-7 * max(1, abs(expected)), "\(given.name): \(found), differences \(expected)")
  }

  func checkHessianVectorProduct() throws {
    let step = Self.step
    let expected = try (slope(moved(by: step)) - slope(moved(by: -step))) / (2 * step)
    let tape = Tape(precision: .double)
    let (variables, loss) = try loss(inputs, on: tape)
    let vectors = zip(directions, given.shapes).map { tape.constant($0, rows: $1.0, columns: $1.1) }
    let products = try tape.hessianVectorProduct(of: loss, withRespectTo: variables, times: vectors)
    let found = product(products.map(\.values), directions)
    #expect(abs(found - expected) <= 1e-6 * max(1, abs(expected)), "\(given.name): \(found), differences \(expected)")
  }
}

/// A function of matrices of 4 x 5, 4 x 5, 5 x 5 and 1 x 5, composed of a dozen operations that a seed chooses.
struct RandomComposition: Sendable {
  let seed: UInt64

  @Sendable func callAsFunction(_ inputs: [Variable]) throws -> Variable {
    var random = SeededGenerator(seed: seed)
    // All these matrices are 4 x 5.
    var matrices = [inputs[0], inputs[1]]
    let (square, row) = (inputs[2], inputs[3])
    let segments = Segments(lengths: [1, 3])
    for _ in 0..<12 {
      let (x, y) = (matrices[Int.random(in: 0..<matrices.count, using: &random)], matrices[matrices.count - 1])
      switch Int.random(in: 0..<14, using: &random) {
      case 0: matrices.append(try (x + y) / 2)
      case 1: matrices.append(try x * y)
      case 2: matrices.append(try x.product(square) / 2)
      case 3: matrices.append(try x.map(.tanh))
      case 4: matrices.append(try x.unit(bias: row, activation: .gelu))
      case 5: matrices.append(try x.unit(bias: row, scale: row, shift: row, activation: .sigmoid))
      case 6: matrices.append(try x.softmax() * y)
      case 7: matrices.append(try x.softmax(within: segments))
      case 8: matrices.append(try segments.means.scatteredSums(of: segments.sums.sums(of: x)))
      case 9: matrices.append(try Variable.joinedColumns([x.columns(2..<5), y.columns(0..<2)]))
      case 10: matrices.append(try Variable.joinedColumns([x, y, x]).attention(within: segments, heads: 5))
      case 11: matrices.append(try x.product(y, transposing: .right).product(x) / 5)
      case 12: matrices.append(try x.linear(square, bias: row, activation: .silu))
      default: matrices.append(try x / (y * y + 1))
      }
    }
    return try Variable.joinedRows(matrices)
  }
}
