import Core
import Plot

extension Chart {
  /// The losses of training runs that go on, as far as they have come, against all the epochs there will be: the curve grows
  /// to the right while the axis stays. Training is solid, validation dashed.
  /// - Returns: nil as long as there is no line to draw.
  static func liveLosses(_ trainings: [CellActivity.Training]) -> Chart? {
    let drawn = trainings.filter { $0.records.count > 1 }
    guard !drawn.isEmpty else { return nil }
    let losses = drawn.flatMap { $0.records.flatMap { [$0.trainingLoss, $0.validationLoss ?? .nan] } }
      .filter(\.isFinite)
    guard let low = losses.min(), let high = losses.max() else { return nil }
    let isLogarithmic = low > 0 && high > 10 * low
    return Chart(
      size: Size(width: 640, height: 260),
      panels: [
        Panel(
          x: Axis(
            Phrase(.epoch), extent: .fixed(from: 0, to: Double(drawn.map(\.epochs).max() ?? 1)), isWhole: true),
          y: Axis(
            Phrase(.loss), scale: isLogarithmic ? .logarithmic : .linear, extent: isLogarithmic ? .padded : .nice,
            showsGrid: true),
          layers: drawn.enumerated().flatMap { layers($1, run: $0, isAlone: drawn.count == 1) })
      ])
  }

  /// One run names its two lines, several name themselves.
  private static func layers(_ training: CellActivity.Training, run: Int, isAlone: Bool) -> [Layer] {
    let records = training.records
    let isValidated = records.contains { $0.validationLoss?.isFinite ?? false }
    let name = training.label.isEmpty ? nil : Phrase.words(training.label)
    let x = Values(records.map(\.epoch))
    let trained = Layer(
      .line(x: x, y: Values(records.map(\.trainingLoss))),
      style: Style(color: .series(isAlone ? 0 : run), opacity: isAlone || !isValidated ? 1 : 0.6, width: 1.5),
      label: isAlone ? Phrase(.training) : isValidated ? nil : name)
    guard isValidated else { return [trained] }
    let validated = Layer(
      .line(x: x, y: Values(records.map { $0.validationLoss ?? .nan })),
      style: Style(color: .series(isAlone ? 2 : run), dash: .dashed), label: isAlone ? Phrase(.validation) : name)
    return [trained, validated]
  }
}
