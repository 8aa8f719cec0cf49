import Core
import Numerics
import Testing

@testable import Networks

@Suite struct NetworkPassTests {
  /// The reference image and logits come from Tests/Reference/networks_torch.py, in which the same weights, made by a
  /// formula, give these numbers.
  @Test(arguments: PyTorchNumbers.cases.indices)
  func isTheSameNetworkAsInPyTorch(_ index: Int) throws {
    let expected = PyTorchNumbers.cases[index]
    let network = try expected.space.network(at: expected.space.point(expected.point))
    let store = try ParameterStore(network, PyTorchNumbers.weights(network))
    try OneDNN.use(threads: 1)
    let resources = PassResources()
    let images = PyTorchNumbers.images(32)
    let pass = try NetworkPass(network, batch: 2, of: store, resources, hasGradients: true)
    // With running statistics, as in testing.
    try pass.forward(images.pointer, values: store.values, statistics: store.statistics, from: .kept)
    for (value, logit) in zip(pass.logits.array, expected.testLogits) { #expect(abs(value - logit) < 2e-5) }
    // With the batch's statistics, as in training, and the gradients of the loss with label smoothing.
    try pass.forward(images.pointer, values: store.values, statistics: store.statistics, from: .batch(share: 0.1))
    for (value, logit) in zip(pass.logits.array, expected.trainingLogits) { #expect(abs(value - logit) < 2e-5) }
    let logitGradient = Buffer<Float>(20, repeating: 0)
    let loss = ClassificationLoss(smoothing: 0.1).evaluate(
      pass.logits.pointer, labels: [3, 8], classes: 10, gradient: logitGradient.pointer)
    #expect(abs(loss.loss / 2 - expected.loss) < 1e-5)
    let gradients = Buffer<Float>(store.values.count, repeating: 0)
    try pass.backward(logitGradient, gradients: gradients, adds: false)
    for (name, norm) in expected.gradientNorms {
      let place = try #require(store.place(name))
      let count = place.shape.reduce(1, *)
      let sum = (0..<count).reduce(0.0) {
        let value = Double(gradients.pointer[place.offset + $1])
        return $0 + value * value
      }
      // The gradient of a shift before another batch norm is only rounding error.
      #expect(abs(sum.squareRoot() - norm) < 1e-4 * norm + 1e-6, "\(name): \(sum.squareRoot()), PyTorch \(norm)")
    }
    let mean = try #require(store.place("stem.bn.running_mean"))
    let variance = try #require(store.place("stem.bn.running_var"))
    #expect(abs(store.statistics.pointer[mean.offset] - expected.stemMean) < 1e-5)
    #expect(abs(store.statistics.pointer[variance.offset] - expected.stemVariance) < 1e-5)
  }

  @Test func threadsChangeLittle() throws {
    let space = ResidualCNN(widths: [16, 32], blocksPerStage: 1, imageSize: 16)
    let network = try space.fullNetwork()
    let images = try ImageSet.shapes(20, size: 16, seed: 1)
    let weights = NetworkWeights(random: network, seed: 1)
    var results: [[Float]] = []
    for threads in 1...2 {
      var context = TrainingContext.current
      context.threads = threads
      results.append(try network.logits(weights, of: images, images.normalization, in: context))
    }
    for (one, other) in zip(results[0], results[1]) { #expect(abs(one - other) < 1e-4) }
  }
}
