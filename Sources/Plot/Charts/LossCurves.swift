extension Chart {
  /// Loss by epoch for one or several runs: training solid, validation dashed, the line as recorded faint beneath its
  /// moving average, runs named at their ends, best epochs ringed, a band where several seeds were run. The loss axis
  /// is logarithmic where the losses span more than a decade.
  ///
  /// ```swift
  /// Chart.lossCurves([LossCurve(label: "lr 0.001", training: losses, validation: validationLosses, bestEpoch: 87)])
  /// ```
  /// - Parameters:
  ///   - previous: Runs to compare with, such as last week's: grey beneath the others, by the loss that counts.
  ///   - smoothing: Weight of the past in the moving average, 0 for none; nil for one that suits the number of epochs.
  ///   - unit: Unit of the loss, if it has one.
  ///   - showsLearningRate: A low panel beneath, on the same epochs, shows the learning rates of the runs that know
  ///     them.
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

  /// Steps, since a rate holds for an epoch; equal rates are drawn once.
  private static func learningRatePanel(_ curves: [LossCurve], x: Axis) -> Panel? {
    var layers: [Layer] = []
    for (position, curve) in curves.enumerated() where curve.learningRates.contains(where: \.isFinite) {
      let mark = Mark.line(x: Values(1...curve.learningRates.count), y: Values(curve.learningRates))
      guard !layers.contains(where: { $0.mark == mark }) else { continue }
      layers.append(Layer(mark, style: Style(color: curves.count == 1 ? .ink : .series(position), width: 1.5)))
    }
    let rates = Quantiles(curves.flatMap(\.learningRates))
    guard let least = rates(0), let median = rates.median, let greatest = rates(1) else { return nil }
    // A rate that falls by factors is small most of the time.
    let isLogarithmic = least > 0 && greatest > 10 * median
    return Panel(
      x: x,
      y: Axis(
        Phrase(.learningRate), scale: isLogarithmic ? .logarithmic : .linear, extent: .padded,
        includesZero: !isLogarithmic, showsGrid: true),
      layers: layers, heightShare: 0.26)
  }
}
