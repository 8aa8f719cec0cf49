import Numerics

/// A scale for a few logarithms of latencies: `scaled = (logarithm - offset) / factor`.
struct LogarithmScale: Codable, Hashable, Sendable {
  let offset: Double
  /// The factor, which is positive.
  let factor: Double

  init(offset: Double, factor: Double) {
    self.offset = offset
    self.factor = factor
  }

  /// Scales to mean 0 and standard deviation 1. The deviation is at least 0.01, so that noise of equal latencies
  /// stays small.
  init(_ logarithms: [Double]) {
    let count = Double(max(logarithms.count, 1))
    let mean = logarithms.reduce(0, +) / count
    offset = mean
    factor = max((logarithms.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot(), 0.01)
  }

  /// The scale of the logarithms of a new device. The standard deviation of few samples is inaccurate, so that of the
  /// known devices counts as two more samples.
  ///
  /// - Parameter typicalDeviation: The mean over the known devices of the standard deviation of their logarithms; nil
  ///   if it isn't known.
  init(_ logarithms: [Double], typicalDeviation: Double?) {
    let alone = LogarithmScale(logarithms)
    guard let typicalDeviation else {
      self = alone
      return
    }
    let count = Double(logarithms.count)
    let squares = (count - 1) * alone.factor * alone.factor + 2 * typicalDeviation * typicalDeviation
    self.init(offset: alone.offset, factor: (squares / (count + 1)).squareRoot())
  }

  /// The mean over devices of the standard deviation of their logarithms.
  static func typicalDeviation(_ devices: [[Double]]) -> Double {
    devices.reduce(0) { $0 + LogarithmScale($1).factor } / Double(max(devices.count, 1))
  }

  /// The line from outputs to logarithms that minimises
  ///
  ///     sum of (offset + factor x - y)^2 + sum over x of 1 * (factor - prior factor)^2
  ///
  /// so that the prior counts as much as one sample with standard deviation 1.
  init(fittingLineTo outputs: [Double], logarithms: [Double], prior: LogarithmScale) {
    let count = Double(max(outputs.count, 1))
    let (x, y) = (outputs.reduce(0, +) / count, logarithms.reduce(0, +) / count)
    let squares = outputs.reduce(0) { $0 + ($1 - x) * ($1 - x) }
    let products = zip(outputs, logarithms).reduce(0) { $0 + ($1.0 - x) * ($1.1 - y) }
    factor = max((products + prior.factor) / (squares + 1), 1e-6)
    offset = y - factor * x
  }

  func scaled(_ logarithm: Double) -> Double { (logarithm - offset) / factor }

  func latency(_ scaled: Double) -> Double { CorrectlyRounded.exp(offset + factor * scaled) }

  static func standardised(_ logarithms: [Double]) -> [Double] {
    let scale = LogarithmScale(logarithms)
    return logarithms.map { scale.scaled($0) }
  }
}

extension TargetScale {
  /// The scale for targets that are scaled already.
  static let asItIs = TargetScale(scaling: .linear, offset: 0, factor: 1)
}
