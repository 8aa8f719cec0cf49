import Engine
import Foundation
import Plot

extension Chart {
  /// A chart of the losses of training runs in progress, with the accuracies of classifiers below. The axis spans all
  /// epochs from the beginning, so that the curves grow to the right. Training is solid lines, validation dashed ones.
  /// - Returns: nil as long as no run has a line to draw.
  static func liveLosses(_ trainings: [CellActivity.Training]) -> Chart? {
    let drawn = trainings.filter { $0.records.count > 1 }
    guard !drawn.isEmpty else { return nil }
    let losses = drawn.flatMap { $0.records.flatMap { [$0.trainingLoss, $0.validationLoss ?? .nan] } }
      .filter(\.isFinite)
    guard let low = losses.min(), let high = losses.max() else { return nil }
    let isLogarithmic = low > 0 && high > 10 * low
    let x = Axis(Phrase(.epoch), extent: .fixed(from: 0, to: Double(drawn.map(\.epochs).max() ?? 1)), isWhole: true)
    let panel = Panel(
      x: x,
      y: Axis(
        Phrase(.loss), scale: isLogarithmic ? .logarithmic : .linear, extent: isLogarithmic ? .padded : .nice,
        showsGrid: true),
      layers: drawn.enumerated().flatMap { run, training in
        layers(training, run: run, isAlone: drawn.count == 1, isLogarithmic: isLogarithmic)
      })
    let accuracies = accuracies(drawn, x: x)
    return Chart(
      size: Size(width: 640, height: accuracies == nil ? 260 : 380),
      panels: [panel] + (accuracies.map { [$0] } ?? []), sharesX: true)
  }

  /// The accuracies of classifiers by epoch, in the colours of their losses.
  private static func accuracies(_ trainings: [CellActivity.Training], x: Axis) -> Panel? {
    let isAlone = trainings.count == 1
    let figures = [("accuracy", 0, Style.Dash.solid), ("validation accuracy", 2, .dashed)]
    let layers = trainings.enumerated().flatMap { run, training in
      figures.compactMap { name, color, dash -> Layer? in
        let records = training.records.filter { $0.figures[name]?.isFinite ?? false }
        guard records.count > 1 else { return nil }
        return Layer(
          .line(x: Values(records.map(\.epoch)), y: Values(records.compactMap { $0.figures[name] })),
          style: Style(color: .series(isAlone ? color : run), dash: dash))
      }
    }
    guard !layers.isEmpty else { return nil }
    return Panel(
      x: x, y: Axis(Phrase(.accuracy), extent: .nice, format: .percent(0), showsGrid: true), layers: layers,
      heightShare: 0.4)
  }

  /// The layers of one run. If it is the only one, its two lines are labelled; otherwise each run is. The recorded
  /// losses are drawn faintly under the moving average.
  private static func layers(
    _ training: CellActivity.Training, run: Int, isAlone: Bool, isLogarithmic: Bool
  ) -> [Layer] {
    let records = training.records
    let isValidated = records.contains { $0.validationLoss?.isFinite ?? false }
    let name = training.label.isEmpty ? nil : Phrase.words(training.label)
    let x = Values(records.map(\.epoch))
    func lines(_ losses: [Double], _ style: Style, label: Phrase?) -> [Layer] {
      let average = average(losses, isLogarithmic: isLogarithmic)
      var faint = style
      (faint.opacity, faint.width, faint.dash) = (0.25, 1, .solid)
      let recorded = average == losses ? [] : [Layer(.line(x: x, y: Values(losses)), style: faint)]
      return recorded + [Layer(.line(x: x, y: Values(average)), style: style, label: label)]
    }
    let trained = lines(
      records.map(\.trainingLoss),
      Style(color: .series(isAlone ? 0 : run), opacity: isAlone || !isValidated ? 1 : 0.6),
      label: isAlone ? Phrase(.training) : isValidated ? nil : name)
    guard isValidated else { return trained }
    return trained
      + lines(
        records.map { $0.validationLoss ?? .nan }, Style(color: .series(isAlone ? 2 : run), dash: .dashed),
        label: isAlone ? Phrase(.validation) : name)
  }

  /// A moving average, taken of the logarithms on a logarithmic axis. Fewer than 30 losses are not averaged.
  private static func average(_ losses: [Double], isLogarithmic: Bool) -> [Double] {
    let weight = losses.count < 30 ? 0 : losses.count < 150 ? 0.6 : 0.8
    guard weight > 0, losses.allSatisfy(\.isFinite) else { return losses }
    guard isLogarithmic else { return centeredMovingAverage(losses, weight: weight) }
    return centeredMovingAverage(losses.map { log($0) }, weight: weight).map { exp($0) }
  }
}
