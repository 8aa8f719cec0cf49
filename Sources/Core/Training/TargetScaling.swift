import Foundation
import Numerics

/// A scaling of targets to a range that suits learning.
public enum TargetScaling: String, Codable, Hashable, Sendable, CaseIterable {
  /// Linear: the training part's least target becomes 0 and its greatest 1, as in BRP-NAS.
  case linear
  /// Logarithmic: (logarithm - mean) / standard deviation, both of the training part. Targets must be above 0.
  case logarithmic

  /// The scale that is fitted to these targets.
  ///
  /// - Throws: `InputError` when there are no targets, or a target is not finite or has no logarithm.
  public func fitted(to targets: [Double]) throws -> TargetScale {
    if targets.isEmpty {
      throw InputError(
        "fitting a scale needs at least one target", remedy: "Give the training part at least one sample.")
    }
    try validate(targets)
    switch self {
    case .linear:
      let least = targets.reduce(.infinity, min)
      let greatest = targets.reduce(-.infinity, max)
      return TargetScale(scaling: self, offset: least, factor: greatest > least ? greatest - least : 1)
    case .logarithmic:
      let logarithms = targets.map { CorrectlyRounded.log($0) }
      let mean = logarithms.reduce(0, +) / Double(targets.count)
      let variance = logarithms.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(targets.count)
      let isConstant = logarithms.allSatisfy { $0 == logarithms[0] }
      return TargetScale(scaling: self, offset: mean, factor: isConstant ? 1 : variance.squareRoot())
    }
  }

  /// - Throws: `InputError` that names the first target that is not finite or has no logarithm.
  func validate(_ targets: some Sequence<Double>) throws {
    if let target = targets.first(where: { !$0.isFinite || (self == .logarithmic && $0 <= 0) }) {
      throw InputError(
        "the target \(target) can't be scaled \(self == .linear ? "linearly" : "by its logarithm")",
        remedy: target.isFinite ? "Remove that sample, or scale targets linearly." : "Remove that sample.")
    }
  }
}

/// A scaling that was fitted to a training part: `scaled = (f(target) - offset) / factor`, with `f` the identity or
/// the logarithm.
public struct TargetScale: Codable, Hashable, Sendable {
  public var scaling: TargetScaling
  public var offset: Double
  public var factor: Double

  public init(scaling: TargetScaling, offset: Double, factor: Double) {
    self.scaling = scaling
    self.offset = offset
    self.factor = factor
  }

  public func scaled(_ target: Double) -> Double {
    ((scaling == .linear ? target : CorrectlyRounded.log(target)) - offset) / factor
  }

  public func unscaled(_ value: Double) -> Double {
    let result = value * factor + offset
    return scaling == .linear ? result : CorrectlyRounded.exp(result)
  }

  /// The derivative of `unscaled` at `value`.
  func unscaledDerivative(_ value: Double) -> Double {
    scaling == .linear ? factor : factor * unscaled(value)
  }
}
