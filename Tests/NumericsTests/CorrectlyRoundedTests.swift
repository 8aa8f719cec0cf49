import CElementary
import Foundation
import Testing

@testable import Numerics

/// Compares the fast path with MPFR over all magnitudes.
@Suite struct CorrectlyRoundedTests {
  private func number(_ index: Int, _ random: inout SeededGenerator) -> Double {
    switch index % 4 {
    case 0: 2 * random.uniform() - 1
    case 1: 100 * (random.uniform() - 0.5)
    case 2: (2 * random.uniform() - 1) * Double(sign: .plus, exponent: Int(random.next() % 2000) - 1000, significand: 1)
    default: Double(bitPattern: random.next())
    }
  }

  private func isSame(_ left: Double, _ right: Double) -> Bool {
    left.bitPattern == right.bitPattern || left.isNaN && right.isNaN
  }

  @Test(arguments: 0..<ELEMENTARY_COUNT.rawValue) func functionsAreMPFRs(_ function: UInt32) {
    let name = elementary_name(rawValue: function)
    var random = SeededGenerator(seed: UInt64(function))
    for x in [0, -0.0, 1, -1, .infinity, -.infinity, .leastNonzeroMagnitude, 710, -745.1, 0.5] {
      #expect(isSame(elementary_function(name, x), elementary_function_by_mpfr(name, x)), "\(function) of \(x)")
    }
    for index in 0..<4000 {
      let x = number(index, &random)
      #expect(isSame(elementary_function(name, x), elementary_function_by_mpfr(name, x)), "\(function) of \(x)")
    }
  }

  @Test func powersAreMPFRs() {
    var random = SeededGenerator(seed: 5)
    for index in 0..<8000 {
      let x = Foundation.exp((random.uniform() - 0.5) * (index % 2 == 0 ? 2 : 400))
      var y = (random.uniform() - 0.5) * (index % 3 == 0 ? 200 : 4)
      if index % 5 == 0 { y = y.rounded() }
      #expect(isSame(elementary_power(x, y), elementary_power_by_mpfr(x, y)), "\(x) to the power of \(y)")
    }
    #expect(CorrectlyRounded.pow(10, -3) == 1e-3)
    #expect(CorrectlyRounded.pow(2, 0.5) == 2.0.squareRoot())
  }

  /// Known values: the doubles nearest to those in tables.
  @Test func valuesAreKnownOnes() {
    #expect(CorrectlyRounded.exp(1) == 2.718281828459045)
    #expect(CorrectlyRounded.log(2) == 0.6931471805599453)
    #expect(CorrectlyRounded.log10(1000) == 3)
    #expect(CorrectlyRounded.atan(1) == 0.7853981633974483)
  }
}
