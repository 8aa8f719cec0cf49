import Foundation

/// Predictions beside measured values, and metrics of their agreement.
///
/// ```swift
/// let evaluation = try run.predictor.evaluate(on: data[split.test])
/// print(evaluation.meanAccuracy, evaluation.share(within: 0.1))
/// ```
public struct Evaluation: Hashable, Sendable {
  public let ids: [String]
  /// The measured values y, which are positive, in `unit`.
  public let measured: [Double]
  /// The predictions p, in `unit`.
  public let predicted: [Double]
  public let unit: String

  /// One of the predictions.
  public struct Item: Codable, Hashable, Sendable {
    public var id: String
    public var measured: Double
    public var predicted: Double
    /// The relative error (p - y) / y. It is negative where the prediction is too low.
    public var relativeError: Double { (predicted - measured) / measured }
  }

  /// - Throws: `InputError` when the numbers of ids, measured and predicted values differ, when there are none, when
  ///   a measured value is not a positive number, or when a prediction is not a number.
  public init(ids: [String], measured: [Double], predicted: [Double], unit: String) throws {
    guard ids.count == measured.count, ids.count == predicted.count else {
      throw InputError(
        "there are \(ids.count) ids, \(measured.count) measured and \(predicted.count) predicted values",
        remedy: "An evaluation needs the same number of each.")
    }
    guard !ids.isEmpty else {
      throw InputError("the evaluation has no samples", remedy: "Choose a split with a test part.")
    }
    for (id, (measured, predicted)) in zip(ids, zip(measured, predicted)) {
      guard measured > 0, measured.isFinite else {
        throw InputError("the measured value of \"\(id)\", \(measured), is not a positive number")
      }
      guard predicted.isFinite else {
        throw InputError(
          "the prediction for \"\(id)\" is \(predicted)", remedy: "The training diverged: try a lower learning rate.")
      }
    }
    self.ids = ids
    self.measured = measured
    self.predicted = predicted
    self.unit = unit
  }

  public var count: Int { ids.count }

  public var items: [Item] {
    ids.indices.map { Item(id: ids[$0], measured: measured[$0], predicted: predicted[$0]) }
  }

  /// The `count` items with the largest absolute relative error, the worst first.
  public func worst(_ count: Int) -> [Item] {
    let items = items
    let order = items.indices.sorted {
      (-abs(items[$0].relativeError), $0) < (-abs(items[$1].relativeError), $1)
    }
    return order.prefix(max(count, 0)).map { items[$0] }
  }
}

extension Evaluation {
  /// The absolute errors abs(p - y), in the unit.
  public var gaps: [Double] { zip(measured, predicted).map { abs($1 - $0) } }

  /// The relative errors (p - y) / y.
  public var relativeErrors: [Double] { zip(measured, predicted).map { ($1 - $0) / $0 } }

  /// The mean gap (平均差距): the mean of abs(p - y), in the unit.
  public var meanGap: Double { mean(gaps) }

  /// The max gap (最大差距): the greatest abs(p - y), in the unit.
  public var maxGap: Double { gaps.max() ?? .nan }

  /// The min gap (最小差距): the least abs(p - y), in the unit.
  public var minGap: Double { gaps.min() ?? .nan }

  /// The mean accuracy (平均精度, 平均误差比): the mean of 1 - abs(p - y) / y.
  public var meanAccuracy: Double { 1 - meanAbsolutePercentageError }

  /// The fraction of samples, from 0 to 1, with abs(p - y) / y of at most `tolerance`. At 0.1 it is the
  /// 精度超过百分之90的数据占比 of weekly reports.
  public func share(within tolerance: Double) -> Double {
    Double(relativeErrors.count { abs($0) <= tolerance }) / Double(count)
  }

  /// The MAPE: the mean of abs(p - y) / y, as a fraction and not in per cent.
  public var meanAbsolutePercentageError: Double { mean(relativeErrors.map(abs)) }

  /// The RMSE: the square root of the mean of (p - y)^2, in the unit.
  public var rootMeanSquareError: Double { mean(gaps.map { $0 * $0 }).squareRoot() }

  /// Spearman's rho, from -1 to 1: Pearson's correlation of the ranks. Equal values share their mean rank. It is NaN
  /// if all measured or all predicted values are equal.
  public var spearmanRho: Double { RankCorrelation.spearmanRho(measured, predicted) }

  /// Kendall's tau-b, from -1 to 1: the number of concordant minus discordant pairs, over the geometric mean of the
  /// numbers of pairs that are not tied in the measured and in the predicted values. It is NaN if all measured or all
  /// predicted values are equal.
  public var kendallTau: Double { RankCorrelation.kendallTau(measured, predicted) }

  private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
}

extension Evaluation: Codable {
  private enum Key: String, CodingKey { case ids, measured, predicted, unit }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    do {
      try self.init(
        ids: container.decode([String].self, forKey: .ids),
        measured: container.decode([Double].self, forKey: .measured),
        predicted: container.decode([Double].self, forKey: .predicted),
        unit: container.decode(String.self, forKey: .unit))
    } catch let error as InputError {
      throw DecodingError.dataCorruptedError(forKey: .measured, in: container, debugDescription: error.cause)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(ids, forKey: .ids)
    try container.encode(measured, forKey: .measured)
    try container.encode(predicted, forKey: .predicted)
    try container.encode(unit, forKey: .unit)
  }
}
