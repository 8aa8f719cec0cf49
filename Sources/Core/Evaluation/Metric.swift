/// A metric of an evaluation, with the names under which reports print it.
///
/// ```swift
/// for metric in Metric.report + [.within(0.15)] {
///   print(metric.name(in: "zh-Hans"), metric.value(of: evaluation))
/// }
/// ```
///
/// You can define a metric of your own:
///
/// ```swift
/// let bias = Metric("bias", "平均偏差", scale: .share, higherIsBetter: false) { evaluation in
///   evaluation.relativeErrors.reduce(0, +) / Double(evaluation.count)
/// }
/// ```
public struct Metric: Sendable {
  /// How a value is displayed.
  public enum Scale: String, Codable, Hashable, Sendable {
    /// A latency, in the unit of the data.
    case latency
    /// A fraction, displayed in per cent.
    case share
    /// A correlation from -1 to 1.
    case correlation
  }

  /// The name in English, which is also stored with runs.
  public var name: String
  /// The name in Chinese.
  public var chineseName: String
  public var scale: Scale
  /// Whether the higher of two values is the better one.
  public var higherIsBetter: Bool
  /// The values that are possible. A confidence interval is cut off at its ends.
  public var range: ClosedRange<Double>
  private let function: @Sendable (Evaluation) -> Double

  /// - Parameters:
  ///   - name: The name in English.
  ///   - chineseName: The name in Chinese; the default is the English one.
  ///   - range: The values that are possible. The default is -1...1 for correlations and all numbers otherwise.
  public init(
    _ name: String, _ chineseName: String? = nil, scale: Scale, higherIsBetter: Bool,
    range: ClosedRange<Double>? = nil, of function: @escaping @Sendable (Evaluation) -> Double
  ) {
    self.name = name
    self.chineseName = chineseName ?? name
    self.scale = scale
    self.higherIsBetter = higherIsBetter
    self.range = range ?? (scale == .correlation ? -1...1 : -Double.infinity ... .infinity)
    self.function = function
  }

  public func value(of evaluation: Evaluation) -> Double { function(evaluation) }

  /// The name in a language given by its BCP 47 tag: Chinese for "zh" and its variants such as "zh-Hans" in any
  /// letter case, else English.
  public func name(in language: String) -> String {
    language.lowercased().split(separator: "-").first == "zh" ? chineseName : name
  }
}

extension Metric {
  private static let nonnegative = 0...Double.infinity

  public static let meanGap = Metric("mean gap", "平均差距", scale: .latency, higherIsBetter: false, range: nonnegative) {
    $0.meanGap
  }
  public static let maxGap = Metric("max gap", "最大差距", scale: .latency, higherIsBetter: false, range: nonnegative) {
    $0.maxGap
  }
  public static let minGap = Metric("min gap", "最小差距", scale: .latency, higherIsBetter: false, range: nonnegative) {
    $0.minGap
  }
  public static let meanAccuracy = Metric(
    "mean accuracy", "平均精度", scale: .share, higherIsBetter: true, range: -Double.infinity...1
  ) { $0.meanAccuracy }
  public static let meanAbsolutePercentageError = Metric(
    "MAPE", scale: .share, higherIsBetter: false, range: nonnegative
  ) {
    $0.meanAbsolutePercentageError
  }
  public static let rootMeanSquareError = Metric("RMSE", scale: .latency, higherIsBetter: false, range: nonnegative) {
    $0.rootMeanSquareError
  }
  public static let spearmanRho = Metric(
    "Spearman's rho", "Spearman秩相关系数", scale: .correlation, higherIsBetter: true
  ) { $0.spearmanRho }
  public static let kendallTau = Metric(
    "Kendall's tau", "Kendall秩相关系数", scale: .correlation, higherIsBetter: true
  ) { $0.kendallTau }

  /// The fraction of samples whose relative error is at most `tolerance`: "within 15 %" for 0.15.
  public static func within(_ tolerance: Double) -> Metric {
    let percent = "\((tolerance * 1e6).rounded() / 1e4)"
    let text = percent.hasSuffix(".0") ? String(percent.dropLast(2)) : percent
    return Metric("within \(text) %", "误差在\(text)%以内的数据占比", scale: .share, higherIsBetter: true, range: 0...1) {
      $0.share(within: tolerance)
    }
  }

  public static let within1Percent = within(0.01)
  public static let within5Percent = within(0.05)
  /// The fraction of samples within 10 %. Its Chinese name is the one in weekly reports.
  public static let within10Percent = {
    var metric = within(0.10)
    metric.chineseName = "精度超过百分之90的数据占比"
    return metric
  }()

  /// The metrics of weekly reports.
  public static let report: [Metric] = [.meanGap, .maxGap, .minGap, .meanAccuracy, .within10Percent]

  /// The metrics that papers on latency prediction print.
  public static let field: [Metric] = [
    .within1Percent, .within5Percent, .within10Percent, .meanAbsolutePercentageError, .rootMeanSquareError,
    .spearmanRho, .kendallTau,
  ]

  /// All predefined metrics.
  public static let all: [Metric] = [
    .meanGap, .maxGap, .minGap, .meanAccuracy, .within10Percent, .within1Percent, .within5Percent,
    .meanAbsolutePercentageError, .rootMeanSquareError, .spearmanRho, .kendallTau,
  ]
}

extension Metric: Hashable {
  public static func == (left: Metric, right: Metric) -> Bool {
    (left.name, left.chineseName, left.scale, left.higherIsBetter)
      == (right.name, right.chineseName, right.scale, right.higherIsBetter)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(scale)
  }
}
