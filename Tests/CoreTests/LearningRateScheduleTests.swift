import Testing

@testable import Core

@Suite struct LearningRateScheduleTests {
  private func rates(_ schedule: LearningRateSchedule, losses: [Double], stepsPerEpoch: Int = 2) -> [Double] {
    var progress = LearningRateProgress(schedule, rate: 1, epochs: losses.count, stepsPerEpoch: stepsPerEpoch)
    return losses.enumerated().flatMap { epoch, loss in
      let rates = (0..<stepsPerEpoch).map { progress.rate(atStep: epoch * stepsPerEpoch + $0) }
      progress.endEpoch(epoch + 1, loss: loss)
      return rates
    }
  }

  private func isClose(_ left: [Double], _ right: [Double]) -> Bool {
    left.count == right.count && zip(left, right).allSatisfy { abs($0 - $1) < 1e-12 }
  }

  @Test func constantIsConstant() {
    #expect(rates(.constant, losses: [3, 3, 3]) == [1, 1, 1, 1, 1, 1])
  }

  @Test func warmUpRisesInAStraightLine() {
    #expect(rates(.constant.warmUp(epochs: 2), losses: [3, 3, 3]) == [0.25, 0.5, 0.75, 1, 1, 1])
  }

  @Test func cosineFallsByHalfACosine() {
    // The factors are (1 + cos(pi k / 4)) / 2; the second case has a floor.
    #expect(isClose(rates(.cosine(), losses: [1, 1]), [1, 0.8535533905932737, 0.5, 0.14644660940672627]))
    #expect(
      isClose(
        rates(.cosine(finalFraction: 0.5).warmUp(epochs: 1), losses: [1, 1, 1]),
        [0.5, 1, 1, 0.9267766952966369, 0.75, 0.5732233047033631]))
  }

  /// The schedule equals PyTorch's ReduceLROnPlateau with `patience=1`: it reduces the rate at the second epoch in a
  /// row without a new lowest loss.
  @Test func plateauReduces() {
    #expect(
      rates(
        .reduceOnPlateau(factor: 0.5, patience: 1), losses: [5, 4, 4, 4, 3, 3, 6, 3, 3, 3], stepsPerEpoch: 1)
        == [1, 1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.125])
  }

  @Test func plateauWaitsForItsFirstEpoch() {
    #expect(
      rates(
        .reduceOnPlateau(factor: 0.5, patience: 0, firstEpoch: 4), losses: [5, 5, 5, 5, 5], stepsPerEpoch: 1)
        == [1, 1, 1, 1, 0.5])
  }

  @Test(arguments: [
    LearningRateSchedule.constant, .cosine(finalFraction: 0.1), .reduceOnPlateau().warmUp(epochs: 3),
  ]) func isHandedOn(_ schedule: LearningRateSchedule) throws {
    #expect(try handedOn(schedule) == schedule)
  }
}
