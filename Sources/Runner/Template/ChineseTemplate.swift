/// The weekly notebook's template in simplified Chinese.
struct ChineseTemplate: NotebookTemplate {
  let tag = "zh-Hans"
  let title = "进度汇报"
  let author = "姓名"
  let planHeadings = ["下周任务", "下周计划", "下周工作", "下周工作计划", "下周安排", "下一步", "下一步计划", "下一步工作"]
  let emptyTask = "……"

  func body(_ blanks: TemplateBlanks) -> String {
    """
    ## 本周任务

    \(blanks.tasks)

    ## 数据集

    共 `{swift} data.count` 个模型，设备为 `{swift} data.device`；训练集 `{swift} split.training.count` 个，\
    测试集 `{swift} split.test.count` 个。

    ```swift {#数据集}
    let data = try Dataset.load(
      architectures: \(blanks.architectures.swiftLiteral),
      latencies: \(blanks.latencies.swiftLiteral), device: \(blanks.expression(Self.device)))
    let split = try data.split(.shuffled())
    ```

    ## 训练

    ```swift {#训练}
    //| fig-cap: 训练损失（实线）和验证损失（虚线）
    let run = try train(
      GCN.Configuration(layers: 4, hiddenUnits: \(blanks.expression(Self.width))), on: data, split: split,
      options: TrainingOptions(epochs: \(blanks.expression(Self.epochs)), learningRate: 1e-3))
    show(Chart.lossCurves([run]))
    ```

    ## 结果

    ```swift {#结果}
    //| tbl-cap: 测试集上的结果
    //| fig-cap: 预测值与实测值
    let evaluation = try run.predictor.evaluate(on: data[split.test])
    show(Table(metrics: Metric.report, of: [("GCN", evaluation)]))
    show(Chart.predictedAgainstMeasured(evaluation))
    ```

    平均精度为 `{swift} percent(evaluation.meanAccuracy)`，精度超过百分之九十的数据占比为 \
    `{swift} percent(evaluation.share(within: 0.1))`（[表](#tbl-结果)）。

    ## 下周任务

    1. \(emptyTask)

    """
  }
}
