extension Chart {
  /// The loss by epoch of one or several runs: training solid, validation dashed, recorded lines faint beneath their
  /// moving averages, runs named at their ends, best epochs marked by rings, and bands for several seeds. The loss
  /// axis is logarithmic if the losses span more than a decade.
  ///
  /// ```swift
  /// Chart.lossCurves([LossCurve(label: "lr 0.001", training: losses, validation: validationLosses, bestEpoch: 87)])
  /// ```
  /// - Parameters:
  ///   - previous: Runs to compare with, such as last week's. They are grey beneath the others and show the
  ///     validation loss, or the training loss without validation.
  ///   - smoothing: The weight of the past in the moving average, 0 for none; nil chooses one by the number of
  ///     epochs.
  ///   - unit: Unit of the loss, if it has one.
  ///   - showsLearningRate: Whether a low panel below shows the learning rates of the runs that have them, over the
  ///     same epochs.
  public static func lossCurves(
    _ curves: [LossCurve], previous: [LossCurve] = [], title: Phrase? = Phrase(.lossCurves), smoothing: Double? = nil,
    unit: String? = nil, showsLearningRate: Bool = false
  ) -> Chart {
    let composition = LossComposition(curves: curves, previous: previous, smoothing: smoothing)
    let epochs = Axis(Phrase(.epoch), extent: .tight, isWhole: true)
    let losses = Panel(
      x: epochs,
      y: Axis(
        Phrase(.loss), unit: unit, scale: composition.isLogarithmic ? .logarithmic : .linear,
        extent: composition.isLogarithmic ? .padded : .nice, showsGrid: true),
      layers: composition.layers)
    let rates = showsLearningRate ? learningRatePanel(curves, x: epochs) : nil
    return Chart(
      title: title,
      subtitle: curves.count == 1 && !curves[0].label.isEmpty ? .words(curves[0].label) : nil,
      summary: composition.summary, size: Size(width: 640, height: rates == nil ? 380 : 480),
      panels: [losses] + (rates.map { [$0] } ?? []), sharesX: true, legend: composition.legend)
  }

  /// A step curve, because a rate is constant within an epoch. Equal rates are drawn once.
  private static func learningRatePanel(_ curves: [LossCurve], x: Axis) -> Panel? {
    var layers: [Layer] = []
    for (position, curve) in curves.enumerated() where curve.learningRates.contains(where: \.isFinite) {
      let mark = Mark.line(x: Values(1...curve.learningRates.count), y: Values(curve.learningRates))
      guard !layers.contains(where: { $0.mark == mark }) else { continue }
      layers.append(Layer(mark, style: Style(color: curves.count == 1 ? .ink : .series(position), width: 1.5)))
    }
    let rates = Quantiles(curves.flatMap(\.learningRates))
    guard let least = rates(0), let median = rates.median, let greatest = rates(1) else { return nil }
    // A rate that decreases by factors is small most of the time.
    let isLogarithmic = least > 0 && greatest > 10 * median
    return Panel(
      x: x,
      y: Axis(
        Phrase(.learningRate), scale: isLogarithmic ? .logarithmic : .linear, extent: .padded,
        includesZero: !isLogarithmic, showsGrid: true),
      layers: layers, heightShare: 0.26)
  }
}
