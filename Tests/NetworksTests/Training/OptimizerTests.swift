internal import COneDNN
import Core
import Numerics
import Testing

@testable import Networks

@Suite struct OptimizerTests {
  @Test func oneCycleIsPyTorchs() {
    let rates = LearningRateProgress(.oneCycle(), rate: 0.5, epochs: 2, stepsPerEpoch: 5)
    for (step, rate) in PyTorchNumbers.rates.enumerated() { #expect(abs(rates.rate(atStep: step) - rate) < 1e-9) }
  }

  @Test func stepsArePyTorchs() throws {
    try OneDNN.use(threads: 2)
    let rates = LearningRateProgress(.oneCycle(), rate: 0.5, epochs: 2, stepsPerEpoch: 5)
    let (weight, gradient) = (Buffer<Float>(1, repeating: 1), Buffer<Float>(1, repeating: 0))
    let momentum = Buffer<Float>(1, repeating: 0)
    for (step, expected) in PyTorchNumbers.steps.enumerated() {
      gradient.pointer[0] = 0.3 * Float(step + 1)
      vector_sgd(1, weight.pointer, gradient.pointer, momentum.pointer, Float(rates.rate(atStep: step)), 0.9, 0.1)
      #expect(abs(weight.pointer[0] - expected) < 1e-4 * max(1, abs(expected)))
    }
  }

  @Test func averageByHand() throws {
    try OneDNN.use(threads: 1)
    let (average, weights) = (Buffer<Float>(3, repeating: 0), Buffer<Float>(3, repeating: 0))
    average.copy([1, -2, 0.5])
    weights.copy([3, 2, 0.5])
    vector_average(3, average.pointer, weights.pointer, 0.25)
    #expect(average.array == [1.5, -1, 0.5])
    #expect(weights.array == [3, 2, 0.5])
  }

  @Test func schedulesThatCantBe() {
    for schedule in [
      LearningRateSchedule.oneCycle(riseShare: 0), .oneCycle(riseShare: 1), .oneCycle(initialFraction: 2),
      .oneCycle(finalFraction: .nan),
    ] {
      #expect(throws: InputError.self) { try schedule.validate() }
    }
  }

  /// Two equal logits give the loss log 2. Label smoothing doesn't change it, and the gradient is (1/2 - target).
  @Test func lossByHand() {
    let logits: [Float] = [1, 1]
    let gradient = Buffer<Float>(2, repeating: 0)
    let result = logits.withUnsafeBufferPointer { logits -> ClassificationLoss.Result in
      guard let base = logits.baseAddress else { return ClassificationLoss.Result() }
      return ClassificationLoss(smoothing: 0.2).evaluate(base, labels: [1], classes: 2, gradient: gradient.pointer)
    }
    #expect(abs(result.loss - 0.6931471805599453) < 1e-12)
    #expect(gradient.array == [0.4, -0.4])
  }
}
