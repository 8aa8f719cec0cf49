/// A figure of an evaluation, with the names under which reports print it.
///
/// ```swift
/// for metric in Metric.seed {
///   print(metric.name(in: "zh-Hans"), metric.value(of: evaluation))
/// }
/// ```
public enum Metric: String, Codable, Hashable, Sendable, CaseIterable {
  case meanGap, maxGap, minGap, meanAccuracy, within10Percent
  case within1Percent, within5Percent, meanAbsolutePercentageError, rootMeanSquareError, spearmanRho, kendallTau

  /// The figures of the report that started it all.
  public static let seed: [Metric] = [.meanGap, .maxGap, .minGap, .meanAccuracy, .within10Percent]

  /// The figures that the field prints.
  public static let field: [Metric] = [
    .within1Percent, .within5Percent, .within10Percent, .meanAbsolutePercentageError, .rootMeanSquareError,
    .spearmanRho, .kendallTau,
  ]

  /// How a value is to be read.
  public enum Scale: String, Codable, Hashable, Sendable {
    /// In the unit of the latencies.
    case latency
    /// A part of 1, printed in per cent.
    case share
    /// From -1 to 1.
    case correlation
  }

  public func value(of evaluation: Evaluation) -> Double {
    switch self {
    case .meanGap: evaluation.meanGap
    case .maxGap: evaluation.maxGap
    case .minGap: evaluation.minGap
    case .meanAccuracy: evaluation.meanAccuracy
    case .within10Percent: evaluation.share(within: 0.10)
    case .within1Percent: evaluation.share(within: 0.01)
    case .within5Percent: evaluation.share(within: 0.05)
    case .meanAbsolutePercentageError: evaluation.meanAbsolutePercentageError
    case .rootMeanSquareError: evaluation.rootMeanSquareError
    case .spearmanRho: evaluation.spearmanRho
    case .kendallTau: evaluation.kendallTau
    }
  }

  public var scale: Scale {
    switch self {
    case .meanGap, .maxGap, .minGap, .rootMeanSquareError: .latency
    case .meanAccuracy, .within1Percent, .within5Percent, .within10Percent, .meanAbsolutePercentageError: .share
    case .spearmanRho, .kendallTau: .correlation
    }
  }

  /// Whether of two values the higher is the better one.
  public var higherIsBetter: Bool {
    switch self {
    case .meanGap, .maxGap, .minGap, .rootMeanSquareError, .meanAbsolutePercentageError: false
    case .meanAccuracy, .within1Percent, .within5Percent, .within10Percent, .spearmanRho, .kendallTau: true
    }
  }

  /// The name in a language: Chinese for "zh" and whatever begins with it, else English.
  public func name(in language: String) -> String {
    language.hasPrefix("zh") ? chineseName : englishName
  }

  private var englishName: String {
    switch self {
    case .meanGap: "mean gap"
    case .maxGap: "max gap"
    case .minGap: "min gap"
    case .meanAccuracy: "mean accuracy"
    case .within10Percent: "within 10 %"
    case .within1Percent: "within 1 %"
    case .within5Percent: "within 5 %"
    case .meanAbsolutePercentageError: "MAPE"
    case .rootMeanSquareError: "RMSE"
    case .spearmanRho: "Spearman's rho"
    case .kendallTau: "Kendall's tau"
    }
  }

  private var chineseName: String {
    switch self {
    case .meanGap: "平均差距"
    case .maxGap: "最大差距"
    case .minGap: "最小差距"
    case .meanAccuracy: "平均精度"
    case .within10Percent: "精度超过百分之90的数据占比"
    case .within1Percent: "误差在1%以内的数据占比"
    case .within5Percent: "误差在5%以内的数据占比"
    case .meanAbsolutePercentageError: "MAPE"
    case .rootMeanSquareError: "RMSE"
    case .spearmanRho: "Spearman秩相关系数"
    case .kendallTau: "Kendall秩相关系数"
    }
  }
}
