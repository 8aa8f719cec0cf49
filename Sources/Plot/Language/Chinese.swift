extension Term {
  /// The term in simplified Chinese.
  var chinese: String {
    switch self {
    case .named: "{0}：{1}"
    case .value: "{0}"
    case .lines: "{0}\n{1}"
    case .timesPower: "{0}×{1}"
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
    case .unnamedRunsSummary: "共 {0} 次训练，最低损失为 {1}"
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
    case .learningRate: "学习率"
    case .accuracy: "正确率"
    case .lastWeek: "上周"
    case .seedBand: "各随机种子的范围"
    case .pointsPerCell: "每格点数"
    case .samplesPerCell: "每格样本数"
    case .density: "密度"
    case .residuals: "残差"
    case .residual: "预测值 − 实测值"
    case .relativeResidual: "相对误差"
    case .localFit: "局部拟合"
    case .residualSummary: "相对误差中位数为 {0}，局部拟合从 {1} 到 {2}"
    case .distributionSummary: "中位数 {0}，中间一半从 {1} 到 {2}，共 {3} 个值"
    case .outliers: "离群值"
    case .worstPredictions: "误差最大的 {0} 个样本"
    case .worstSummary: "误差最大的是 {0}，为 {1}：实测 {2}，预测 {3}"
    case .otherSamples: "其他样本"
    case .densitySummary: "共 {0} 个点，每格最多 {1} 个"
    case .heatMapSummary: "最小 {0}（{1}，{2}），最大 {3}（{4}，{5}）"
    case .parallelSummary: "共 {0} 组设置，{1}最佳为 {2}，对应 {3}"
    case .outcomeSummary: "共 {0} 组设置，{1}从 {2} 到 {3}"
    case .assignment: "{0} = {1}"
    case .listed: "{0}，{1}"
    case .estimate: "{0}（{1} 到 {2}）"
    case .estimateSummary: "{0} 处为 {1}，{2} 处为 {3}"
    case .rankSummary: "共比较 {0} 个，最佳为 {1}：{2}，最差为 {3}：{4}"
    case .networkSummary: "{0} 个节点、{1} 条边，分 {2} 层：{3}"
    case .times: "{1} {0} 个"
    case .withUnit: "{0}（{1}）"
    case .nothing: "没有数据"
    case .missingValues: "未画出缺失或无穷的值 {0} 个"
    case .unplacedValues: "对数轴无法画出不大于 0 的值：{1} 个中的 {0} 个"
    }
  }
}

extension CivilTime {
  /// The time as Chinese writes it.
  func chinese(_ format: DateFormat) -> String {
    switch format {
    case .year: "\(year)年"
    case .month: "\(month)月"
    case .monthOfYear: "\(year)年\(month)月"
    case .day: "\(month)月\(day)日"
    case .date: "\(year)年\(month)月\(day)日"
    case .minute: clock(withSeconds: false)
    case .second: clock(withSeconds: true)
    }
  }
}
