internal import Basics
import Numerics

/// The known device whose predictions agree best with samples of a new device, up to a constant.
///
/// For each source, let y_i be the measured latencies of the new device's samples and p_i the source's predictions. The
/// source with the least standard deviation of log(y_i / p_i) is chosen, the first of equal ones. Logarithms far from
/// their median count as if they were at the limit of Huber's loss, so that a spoilt measurement doesn't decide.
struct NearestSource {
  /// The index of the source.
  let index: Int
  /// The constant: exp of the mean of these log(y_i / p_i).
  let factor: Double

  /// - Parameter predictions: For each source, the prediction of each sample. A source with a prediction of 0 or less
  ///   is left out.
  /// - Returns: nil if all sources are left out.
  init?(of predictions: [[Double]], measured: [Double]) {
    var best: (index: Int, mean: Double, deviation: Double)?
    for (index, predictions) in predictions.enumerated() where predictions.allSatisfy({ $0 > 0 }) {
      let ratios = Self.limited(zip(measured, predictions).map { CorrectlyRounded.log($0 / $1) })
      let mean = ratios.reduce(0, +) / Double(ratios.count)
      let deviation = (ratios.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(ratios.count)).squareRoot()
      if deviation < best?.deviation ?? .infinity { best = (index, mean, deviation) }
    }
    guard let best else { return nil }
    index = best.index
    factor = CorrectlyRounded.exp(best.mean)
  }

  private static func limited(_ values: [Double]) -> [Double] {
    guard let median = values.median, let limit = RobustRegression.limit(of: values.map { abs($0 - median) }) else {
      return values
    }
    return values.map { min(max($0, median - limit), median + limit) }
  }
}

extension InputError {
  /// No source can be scaled to the new device's samples.
  static func everySourcePredictsZero(_ data: Dataset, remedy: String) -> InputError {
    InputError("every known device predicts some latency of \"\(data.device)\" to be 0 or less", remedy: remedy)
  }
}
