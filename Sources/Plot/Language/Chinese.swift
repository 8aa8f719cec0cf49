extension Term {
  /// The term in simplified Chinese.
  var chinese: String {
    switch self {
    case .named: "{0}：{1}"
    case .epoch: "轮次"
    case .loss: "损失"
    case .logarithmicScale: "对数刻度"
    case .lossCurves: "损失曲线"
    case .training: "训练"
    case .validation: "验证"
    case .trainingLoss: "训练损失"
    case .validationLoss: "验证损失"
    case .bestEpochMark: "最佳轮次"
    case .bestEpoch: "最佳：第 {0} 轮，{1}"
    case .lossSummary: "{0}在 {3} 轮内从 {1} 到 {2}"
    case .bestSummary: "{0}，第 {1} 轮最佳，为 {2}"
    case .runsSummary: "共 {0} 次训练，损失最低的是 {2}，为 {1}"
    case .relativeError: "相对误差"
    case .absoluteRelativeError: "绝对相对误差"
    case .relativeErrors: "相对误差的分布"
    case .cumulativeErrors: "误差的累积分布"
    case .predictedAgainstMeasured: "预测值与实测值"
    case .measured: "实测值"
    case .predicted: "预测值"
    case .samples: "样本数"
    case .shareOfSamples: "样本占比"
    case .medianValue: "中位数 {0}"
    case .beyondAxis: "{0} 个在坐标范围之外"
    case .withinTenPercent: "{0} 的误差不超过 10%（共 {1} 个）"
    case .errorSummary: "{2} 个样本中，{0} 的误差不超过 5%，{1} 不超过 10%"
    case .histogramSummary: "{1} 个样本的相对误差中位数为 {0}，{2} 不超过 10%"
    case .valuesSummary: "{0} 个值，从 {1} 到 {2}，中位数 {3}"
    case .extentSummary: "{4}从 {0} 到 {1}，{5}从 {2} 到 {3}"
    }
  }
}
