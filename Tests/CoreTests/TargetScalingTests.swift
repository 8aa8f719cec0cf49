import Foundation
import Testing

@testable import Core

@Suite struct TargetScalingTests {
  @Test func linearBringsTargetsToTheUnitRange() throws {
    let scale = try TargetScaling.linear.fitted(to: [3, 1, 5])
    #expect([1, 3, 5].map(scale.scaled) == [0, 0.5, 1])
    #expect(scale.unscaled(1.5) == 7)
  }

  @Test func logarithmicStandardises() throws {
    let targets = [1.0, 2, 4, 8]
    let scale = try TargetScaling.logarithmic.fitted(to: targets)
    let scaled = targets.map(scale.scaled)
    #expect(abs(scaled.reduce(0, +)) < 1e-12)
    #expect(abs(scaled.reduce(0) { $0 + $1 * $1 } / 4 - 1) < 1e-12)
  }

  @Test(arguments: TargetScaling.allCases) func unscaledIsTheInverse(_ scaling: TargetScaling) throws {
    let scale = try scaling.fitted(to: [0.3, 2, 11])
    for target in [0.1, 1, 50] {
      #expect(abs(scale.unscaled(scale.scaled(target)) - target) < 1e-12 * target + 1e-12)
      let value = scale.scaled(target)
      let difference = (scale.unscaled(value + 1e-6) - scale.unscaled(value - 1e-6)) / 2e-6
      #expect(abs(difference - scale.unscaledDerivative(value)) < 1e-6 * abs(difference))
    }
  }

  @Test(arguments: TargetScaling.allCases) func constantTargetsAreAllZero(_ scaling: TargetScaling) throws {
    let scale = try scaling.fitted(to: [0.1, 0.1, 0.1])
    #expect(abs(scale.scaled(0.1)) < 1e-15)
    #expect(abs(scale.unscaled(0) - 0.1) < 1e-15)
  }

  @Test(arguments: [
    (
      TargetScaling.linear, [],
      "fitting a scale needs at least one target\n  Give the training part at least one sample."
    ),
    (.linear, [.infinity], "the target inf can't be scaled linearly\n  Remove that sample."),
    (
      .logarithmic, [1, -2],
      "the target -2.0 can't be scaled by its logarithm\n  Remove that sample, or scale targets linearly."
    ),
  ]) func whatItCanNotDo(_ scaling: TargetScaling, _ targets: [Double], _ expected: String) throws {
    #expect(try message { _ = try scaling.fitted(to: targets) } == expected)
  }
}
