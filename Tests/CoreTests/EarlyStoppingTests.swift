import Testing

@testable import Core

@Suite struct EarlyStoppingTests {
  /// The number of epochs after which the training stops, and the best epoch.
  private func run(_ stopping: EarlyStopping?, _ losses: [Double]) -> (epochs: Int, best: Int, weights: [Float]) {
    var best = BestEpoch(stopping)
    for (index, loss) in losses.enumerated() {
      let weights = [Float(index + 1)]
      let goesOn = weights.withUnsafeBufferPointer { best.record(epoch: index + 1, loss: loss, weights: $0) }
      if !goesOn { return (index + 1, best.epoch, best.weights) }
    }
    return (losses.count, best.epoch, best.weights)
  }

  @Test(arguments: [
    (EarlyStopping?.none, [3.0, 2, 4, 1, 5, 6], 6, 4),
    (EarlyStopping(patience: 1), [3, 2, 4, 1, 5, 6, 0], 6, 4),
    (EarlyStopping(patience: 0), [3, 2, 4, 1], 3, 2),
    // Improvements below the minimum move the best epoch, but don't reset the patience.
    (EarlyStopping(patience: 2, minimumImprovement: 0.1), [10, 9.9, 9.8, 9.7, 1], 4, 4),
    (EarlyStopping(patience: 2, minimumImprovement: 0.1), [10, 9.9, 9.8, 8.9, 8.8], 5, 5),
  ]) func stopsWithoutProgress(_ stopping: EarlyStopping?, _ losses: [Double], _ epochs: Int, _ best: Int) {
    let result = run(stopping, losses)
    #expect(result.epochs == epochs)
    #expect(result.best == best)
    #expect(result.weights == [Float(best)])
  }
}
