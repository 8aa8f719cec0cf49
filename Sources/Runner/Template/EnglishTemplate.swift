/// The weekly notebook's template in English.
struct EnglishTemplate: NotebookTemplate {
  let tag = "en"
  let title = "Progress report"
  let author = "Author"
  let planHeadings = [
    "next week", "plan for next week", "plans for next week", "next week's plan", "next week's plans",
    "next week's tasks", "tasks for next week", "next steps",
  ]
  let emptyTask = "…"

  func body(_ blanks: TemplateBlanks) -> String {
    """
    ## This week

    \(blanks.tasks)

    ## Data

    There are `{swift} data.count` networks, measured on `{swift} data.device`: \
    `{swift} split.training.count` to learn from and
    `{swift} split.test.count` for the test.

    ```swift {#data}
    let data = try Dataset.load(
      architectures: \(blanks.architectures.swiftLiteral),
      latencies: \(blanks.latencies.swiftLiteral), device: \(blanks.expression(Self.device)))
    let split = try data.split(.shuffled())
    ```

    ## Training

    ```swift {#train}
    //| fig-cap: Loss of the training and validation samples, by epoch
    let run = try train(
      GCN.Configuration(layers: 4, hiddenUnits: \(blanks.expression(Self.width))), on: data, split: split,
      options: TrainingOptions(epochs: \(blanks.expression(Self.epochs)), learningRate: 1e-3))
    show(Chart.lossCurves([run]))
    ```

    ## Results

    ```swift {#results}
    //| tbl-cap: Results on the test samples
    //| fig-cap: Predicted against measured latency of the test samples
    let evaluation = try run.predictor.evaluate(on: data[split.test])
    show(Table(metrics: Metric.report, of: [("GCN", evaluation)]))
    show(Chart.predictedAgainstMeasured(evaluation))
    ```

    The mean accuracy is `{swift} percent(evaluation.meanAccuracy)`; \
    `{swift} percent(evaluation.share(within: 0.1))` of the samples
    are within 10 % ([Table](#tbl-results)).

    ## Next week

    1. \(emptyTask)

    """
  }
}
