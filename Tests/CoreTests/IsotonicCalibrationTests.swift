import Foundation
import Testing

@testable import Core

@Suite struct IsotonicCalibrationTests {
  /// Scores 1, 2, 3, 4 with the latencies 1, 8, 2, 16: 8 and 2 are in the wrong order, so they are pooled to 4 at the
  /// score 2.5.
  @Test func poolsWhatIsInTheWrongOrder() {
    let calibration = IsotonicCalibration([1, 2, 3, 4], targets: [1, 8, 2, 16])
    #expect(calibration.scores == [1, 2.5, 4])
    #expect(abs(calibration.latency(of: 2.5) - 4) < 1e-12)
    // Between the points, the logarithm is interpolated linearly.
    #expect(abs(calibration.latency(of: 1.75) - 2) < 1e-12)
    #expect(abs(calibration.latency(of: 3.25) - 8) < 1e-12)
    // Beyond the points, the outermost value holds.
    #expect(abs(calibration.latency(of: -9) - 1) < 1e-12)
    #expect(abs(calibration.latency(of: 9) - 16) < 1e-12)
  }

  @Test func tiesShareOneLatency() {
    let calibration = IsotonicCalibration([1, 1, 1], targets: [1, 4, 16])
    #expect(calibration.scores == [1])
    #expect(abs(calibration.latency(of: 0) - 4) < 1e-12)
    let one = IsotonicCalibration([0.5], targets: [3])
    #expect(abs(one.latency(of: 7) - 3) < 1e-12)
  }

  @Test func neverFalls() {
    var random = SeededGenerator(seed: 4)
    let scores = (0..<200).map { _ in random.uniform() }
    let calibration = IsotonicCalibration(scores, targets: scores.map { 1 + $0 + random.uniform() })
    let latencies = stride(from: -0.1, to: 1.1, by: 0.01).map { calibration.latency(of: $0) }
    for (low, high) in zip(latencies, latencies.dropFirst()) { #expect(low <= high) }
  }

  /// The latencies 2 and 64 have the same score, so they share the step exp((log 2 + log 64) / 2), although 2 alone is
  /// in the wrong order.
  @Test func tiesShareOneLatencyWhateverIsPooled() {
    let calibration = IsotonicCalibration([1, 2, 2], targets: [8, 2, 64])
    #expect(calibration.scores == [1, 2])
    #expect(abs(calibration.latency(of: 1) - 8) < 1e-12)
    #expect(abs(calibration.latency(of: 2) - 128.squareRoot()) < 1e-12)
  }
}
