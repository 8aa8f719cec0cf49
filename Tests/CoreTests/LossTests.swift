import Foundation
import Testing

@testable import Core

@Suite struct LossTests {
  static let linear = TargetScale(scaling: .linear, offset: 2, factor: 4)
  static let logarithmic = TargetScale(scaling: .logarithmic, offset: 0.5, factor: 0.25)

  @Test(arguments: [
    (Loss.absolute, 0.5, 0.75, 0.25, -1.0), (.absolute, 0.75, 0.75, 0, 0), (.squared, 0.5, 0.75, 0.0625, -0.5),
    (.huber(threshold: 0.5), 1, 0.75, 0.03125, 0.25), (.huber(threshold: 0.5), 2, 0.5, 0.625, 0.5),
    // (2 + 4 * 0.5 - 5) / 5 and 4 / 5
    (.relative, 0.5, 0.75, 0.2, -0.8),
    // r is -1/5 for a target of 5, with the slope 4/5: first above the threshold 0.1, then below the threshold 0.5.
    (.relativeHuber(threshold: 0.1), 0.5, 0.75, 0.15, -0.8), (.relativeHuber(threshold: 0.5), 0.5, 0.75, 0.04, -0.32),
    (.quantile(0.9), 0.5, 0.75, 0.225, -0.9), (.quantile(0.9), 1, 0.75, 0.025, 0.1), (.quantile(0.9), 0.75, 0.75, 0, 0),
  ]) func valuesAndDerivatives(
    _ loss: Loss, _ prediction: Double, _ target: Double, _ value: Double, _ derivative: Double
  ) {
    let result = loss.evaluate(prediction: prediction, target: target, scale: Self.linear)
    #expect(abs(result.value - value) < 1e-12)
    #expect(abs(result.derivative - derivative) < 1e-12)
  }

  @Test(
    arguments: [Loss.absolute, .squared, .huber(threshold: 0.3), .relative, .relativeHuber(threshold: 0.2)],
    [linear, logarithmic])
  func derivativesAreWhatCentralDifferencesSay(_ loss: Loss, _ scale: TargetScale) {
    for prediction in [-1.0, 0.4, 0.55, 2] {
      func value(_ step: Double) -> Double {
        loss.evaluate(prediction: prediction + step, target: 0.5, scale: scale).value
      }
      let derivative = loss.evaluate(prediction: prediction, target: 0.5, scale: scale).derivative
      #expect(abs((value(1e-6) - value(-1e-6)) / 2e-6 - derivative) < 1e-6)
    }
  }

  @Test func relativeLossOfLogarithmicTargetsIsOfUnscaledOnes() {
    let target = Self.logarithmic.scaled(3)
    let prediction = Self.logarithmic.scaled(3.3)
    let result = Loss.relative.evaluate(prediction: prediction, target: target, scale: Self.logarithmic)
    #expect(abs(result.value - 0.1) < 1e-12)
  }

  @Test func relativeHuberLossOfLogarithmicTargetsIsOfTheirRatio() {
    let (target, prediction) = (Self.logarithmic.scaled(3), Self.logarithmic.scaled(3.3))
    let result = Loss.relativeHuber(threshold: 0.01).evaluate(
      prediction: prediction, target: target, scale: Self.logarithmic)
    #expect(abs(result.value - (log(1.1) - 0.005)) < 1e-12)
  }

  @Test func whatItCanNotDo() throws {
    #expect(
      try message { try Loss.relative.validate(targets: [1, 0]) } == """
        the relative loss can't be taken of the target 0.0
          Remove samples that are not above 0, or use the absolute loss.
        """)
    #expect(
      try message { try Loss.huber(threshold: 0).validate(targets: []) }
        == "the Huber loss can't have the threshold 0.0\n  Use a number above 0.")
    #expect(
      try message { try Loss.relativeHuber(threshold: -1).validate(targets: []) }
        == "the Huber loss can't have the threshold -1.0\n  Use a number above 0.")
    #expect(
      try message { try Loss.relativeHuber().validate(targets: [-2]) }.hasPrefix(
        "the relative loss can't be taken of the target -2.0"))
  }

  @Test(arguments: [Loss.absolute, .squared, .huber(threshold: 0.3), .relative, .relativeHuber(threshold: 0.2)])
  func isHandedOn(_ loss: Loss) throws {
    #expect(try handedOn(loss) == loss)
  }
}
