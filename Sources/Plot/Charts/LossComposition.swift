/// Builds the layers of loss curves.
struct LossComposition {
  let curves: [LossCurve]
  let previous: [LossCurve]
  let isLogarithmic: Bool
  private let smoothing: Double?

  init(curves: [LossCurve], previous: [LossCurve], smoothing: Double?) {
    self.curves = curves
    self.previous = previous
    self.smoothing = smoothing
    let losses = (curves.flatMap { $0.training + $0.validation } + previous.flatMap(\.lossesThatCount.values))
      .filter(\.isFinite)
    if let low = losses.min(), let high = losses.max() {
      isLogarithmic = low > 0 && high > 10 * low
    } else {
      isLogarithmic = false
    }
  }

  private var hasOneRun: Bool { curves.count == 1 }

  /// Earlier runs are at the bottom, then bands, recorded lines, averages, and best epochs, so that no run hides
  /// another's mark.
  var layers: [Layer] {
    var bands: [Layer] = []
    var recorded: [Layer] = []
    var averages: [Layer] = []
    var best: [Layer] = []
    for (position, curve) in curves.enumerated() {
      let isTrainingOnly = curve.validation.allSatisfy { !$0.isFinite }
      for (values, isValidation) in [(curve.training, false), (curve.validation, true)]
      where values.contains(where: \.isFinite) {
        let style = style(run: position, isValidation: isValidation, isAlone: isTrainingOnly)
        let x = Values(1...max(1, values.count))
        let average = average(values)
        let band = isValidation ? curve.validationBand : curve.trainingBand
        if let band, band.low.count == values.count, band.high.count == values.count {
          bands.append(
            Layer(
              .area(x: x, low: Values(self.average(band.low)), high: Values(self.average(band.high))),
              style: Style(color: style.color, opacity: hasOneRun ? 0.2 : 0.15)))
        } else if average != values {
          recorded.append(
            Layer(
              .line(x: x, y: Values(values)),
              style: style.with { ($0.opacity, $0.width, $0.dash) = (recordedOpacity, 1, .solid) }))
        }
        averages.append(
          Layer(
            .line(x: x, y: Values(average)), style: style,
            label: label(of: curve, isValidation: isValidation, isNamed: isValidation || isTrainingOnly)))
      }
      best += bestLayers(of: curve, run: position)
    }
    return earlier + bands + recorded + averages + best
  }

  private var earlier: [Layer] {
    previous.compactMap { curve in
      let values = curve.lossesThatCount.values
      guard values.contains(where: \.isFinite) else { return nil }
      let label = curve.label.isEmpty ? Phrase(.lastWeek) : .words(curve.label)
      return Layer(
        .line(x: Values(1...values.count), y: Values(average(values))),
        style: Style(color: .muted, opacity: 0.6, width: 1.5), label: label)
    }
  }

  /// The opacity of recorded lines: the more runs there are, the less their noise tells.
  private var recordedOpacity: Double {
    hasOneRun ? 0.3 : curves.count <= 4 ? 0.22 : 0.12
  }

  /// - Parameter isAlone: Whether no other line of the run has to be distinguished.
  private func style(run: Int, isValidation: Bool, isAlone: Bool = false) -> Style {
    if hasOneRun { return Style(color: .series(isValidation ? 2 : 0), dash: isValidation ? .dashed : .solid) }
    return Style(
      color: .series(run), opacity: isValidation || isAlone ? 1 : 0.6, width: isValidation || isAlone ? 1.75 : 1.5,
      dash: isValidation ? .dashed : .solid)
  }

  /// A single run names its two lines; several runs name themselves once each.
  private func label(of curve: LossCurve, isValidation: Bool, isNamed: Bool) -> Phrase? {
    if hasOneRun { return Phrase(isValidation ? .validation : .training) }
    return isNamed && !curve.label.isEmpty ? .words(curve.label) : nil
  }

  /// A moving average, taken of the logarithms on a logarithmic axis.
  private func average(_ values: [Double]) -> [Double] {
    let weight = smoothing ?? smoothingWeight(count: values.count)
    guard weight > 0 else { return values }
    guard isLogarithmic else { return centeredMovingAverage(values, weight: weight) }
    return centeredMovingAverage(values.map(\.logarithm), weight: weight).map(\.exponential)
  }

  private func bestLayers(of curve: LossCurve, run: Int) -> [Layer] {
    guard let best = curve.best else { return [] }
    let color = style(run: run, isValidation: !curve.validation.isEmpty).color
    let x: Values = [Double(best.epoch)]
    let y: Values = [best.value]
    let ring = Layer(.point(x: x, y: y), style: Style(color: color, width: 1.75, radius: 4, isHollow: true))
    guard hasOneRun else { return [ring] }
    let rule = Layer(.rule(.vertical, at: x), style: Style(color: .muted, width: 1, dash: .dotted))
    let isLate = Double(best.epoch) > 0.5 * Double(curve.training.count)
    let name = Phrase(
      .bestEpoch, .number(Double(best.epoch), .integer), .number(best.value, .significant(3)))
    // Losses decrease, so that the upper end of the rule is free of lines.
    let greatest = (curve.training + curve.validation).filter(\.isFinite).max() ?? best.value
    let text = Layer(
      .text(x: x, y: [greatest], labels: [name]),
      style: Style(color: .ink, anchor: isLate ? .end : .start, shiftRight: isLate ? -7 : 7))
    return [rule, ring, text]
  }

  var legend: [LegendEntry] {
    var entries: [LegendEntry] = []
    if curves.contains(where: { $0.trainingBand != nil || $0.validationBand != nil }) {
      entries.append(LegendEntry(Phrase(.seedBand), symbol: .area, style: Style(color: .muted, opacity: 0.3)))
    }
    guard !hasOneRun else { return entries }
    if curves.contains(where: { $0.validation.contains(where: \.isFinite) }) {
      entries.append(LegendEntry(Phrase(.training), style: Style(color: .muted, opacity: 0.7, width: 1.5)))
      entries.append(LegendEntry(Phrase(.validation), style: Style(color: .muted, dash: .dashed)))
    }
    if curves.contains(where: { $0.best != nil }) {
      entries.append(
        LegendEntry(
          Phrase(.bestEpochMark), symbol: .point, style: Style(color: .muted, width: 1.75, radius: 4, isHollow: true)))
    }
    return entries
  }

  /// A sentence for each run; for more than four runs, one sentence about all of them.
  var summary: [Phrase] {
    let lowest = curves.compactMap { curve in
      curve.lossesThatCount.values.filter(\.isFinite).min().map { (curve.label, $0) }
    }
    .min { $0.1 < $1.1 }
    guard curves.count > 1, let lowest else { return curves.map(course) }
    let count = Phrase.Argument.number(Double(curves.count), .integer)
    let loss = Phrase.Argument.number(lowest.1, .significant(3))
    let overview =
      lowest.0.isEmpty
      ? Phrase(.unnamedRunsSummary, count, loss) : Phrase(.runsSummary, count, loss, .phrase(.words(lowest.0)))
    return [overview] + (curves.count > 4 ? [] : curves.map(course))
  }

  private func course(_ curve: LossCurve) -> Phrase {
    let name = curve.lossesThatCount.name
    let values = curve.lossesThatCount.values.filter(\.isFinite)
    guard let first = values.first, let last = values.last else { return Phrase(name).named(curve.label) }
    let course = Phrase(
      .lossSummary, .phrase(Phrase(name)), .number(first, .significant(3)), .number(last, .significant(3)),
      .number(Double(curve.training.count), .integer))
    guard let best = curve.best else { return course.named(curve.label) }
    return Phrase(
      .bestSummary, .phrase(course), .number(Double(best.epoch), .integer), .number(best.value, .significant(3))
    ).named(curve.label)
  }
}
