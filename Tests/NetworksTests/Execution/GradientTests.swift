internal import COneDNN
import Core
import Numerics
import Testing

@testable import Networks

/// Gradients of whole networks that contain all layers: plain, grouped and depthwise convolutions with every kernel and
/// stride, pooling, batch norm, ReLU, sums, global average pooling, the linear layer, and label smoothing.
@Suite struct GradientTests {
  static let cases: [(any NetworkSpace, String)] = [
    (ResidualCNN(widths: [8, 16], blocksPerStage: 2, imageSize: 8), "8 8 | 16 16"),
    // A slice of a larger network, with channels that don't fill a block.
    (ResidualCNN(widths: [32, 64], blocksPerStage: 2, imageSize: 8), "8 - | 24 16"),
    (MobileNet(widths: [8, 16], blocksPerStage: 2, features: 24, imageSize: 8), "16k3 48k5 | 24k5 32k3"),
    (GroupedCNN(imageSize: 8), "16 | 32"), (GroupedCNN(imageSize: 8), "8 | 24"),
    (GroupedCNN(imageSize: 12, pooling: .max(2)), "16 | 32"),
    (GroupedCNN(imageSize: 11, pooling: .average(2)), "8 | 24"),
  ]

  @Test(arguments: cases.indices)
  func areThoseOfCentralDifferences(_ index: Int) throws {
    let (space, text) = Self.cases[index]
    try check(space, text)
  }

  private func check(_ space: some NetworkSpace, _ text: String) throws {
    try OneDNN.use(threads: 1)
    let whole = try space.fullNetwork()
    let network = try space.network(at: space.point(text))
    let store = try ParameterStore(whole, NetworkWeights(random: whole, seed: 7))
    // Scales other than 1 and shifts other than 0 make errors visible.
    var random = SeededGenerator(seed: 3)
    for index in store.decayedCount..<store.values.count {
      store.values.pointer[index] += Float(0.4 * (random.uniform() - 0.5))
    }
    let batch = 6
    let images = Buffer<Float>(batch * 3 * space.imageSize * space.imageSize, repeating: 0)
    for index in 0..<images.count { images.pointer[index] = Float(2 * random.uniform() - 1) }
    let labels: [UInt16] = (0..<batch).map { UInt16($0 * 3 % 10) }
    let loss = ClassificationLoss(smoothing: 0.1)
    let resources = PassResources()
    let pass = try NetworkPass(network, batch: batch, of: store, resources, hasGradients: true)
    let logitGradient = Buffer<Float>(batch * 10, repeating: 0)
    func evaluate() throws -> Double {
      try pass.forward(images.pointer, values: store.values, statistics: store.statistics, from: .batch(share: 0))
      return loss.evaluate(pass.logits.pointer, labels: labels, classes: 10, gradient: logitGradient.pointer).loss
        / Double(batch)
    }
    _ = try evaluate()
    let gradients = Buffer<Float>(store.values.count, repeating: 0)
    try pass.backward(logitGradient, gradients: gradients, adds: true)
    let analytic = gradients.array

    // A batch norm makes most of a gradient cancel, but a ReLU that switches within the step doesn't cancel, hence
    // the tolerance. NetworkPassTests compares with PyTorch to four digits.
    for parameter in whole.parameters {
      guard let place = store.place(parameter.name) else { continue }
      let range = place.offset..<place.offset + parameter.count
      guard let used = network.parameters.first(where: { $0.name == parameter.name }) else {
        #expect(range.allSatisfy { analytic[$0] == 0 }, "\(parameter.name) isn't in the network")
        continue
      }
      #expect(range.count { analytic[$0] != 0 } <= used.count)
      let norm = range.reduce(0.0) { $0 + Double(analytic[$1]) * Double(analytic[$1]) }.squareRoot()
      let before = range.map { store.values.pointer[$0] }
      // Along the gradient, the derivative is the gradient's norm.
      let size = max(before.reduce(0.0) { $0 + Double($1 * $1) }.squareRoot(), 0.1)
      let step = 2e-3 * size
      var values: [Double] = []
      for sign in [1.0, -1.0] {
        for (position, index) in range.enumerated() {
          store.values.pointer[index] =
            before[position] + Float(sign * step * Double(analytic[index]) / max(norm, 1e-12))
        }
        values.append(try evaluate())
      }
      for (position, index) in range.enumerated() { store.values.pointer[index] = before[position] }
      let difference = (values[0] - values[1]) / (2 * step)
      #expect(abs(difference - norm) <= 0.1 * norm + 1e-3, "\(parameter.name): \(difference), analytic \(norm)")
    }
  }

  /// Two backward passes accumulate the sum of their gradients.
  @Test func passesAddUp() throws {
    try OneDNN.use(threads: 1)
    let space = ResidualCNN(widths: [16, 32], blocksPerStage: 1, imageSize: 8)
    let whole = try space.fullNetwork()
    let store = try ParameterStore(whole, NetworkWeights(random: whole, seed: 2))
    let resources = PassResources()
    let images = Buffer<Float>(4 * 3 * 64, repeating: 0)
    for index in 0..<images.count { images.pointer[index] = Float(index * 7 % 13) / 6 - 1 }
    func gradients(_ points: [Point]) throws -> [Float] {
      let sum = Buffer<Float>(store.values.count, repeating: 0)
      for point in points {
        let pass = try NetworkPass(
          space.network(at: point), batch: 4, of: store, resources, hasGradients: true)
        try pass.forward(images.pointer, values: store.values, statistics: store.statistics, from: .batch(share: 0))
        let logitGradient = Buffer<Float>(40, repeating: 0)
        _ = ClassificationLoss(smoothing: 0).evaluate(
          pass.logits.pointer, labels: [1, 2, 3, 4], classes: 10, gradient: logitGradient.pointer)
        try pass.backward(logitGradient, gradients: sum, adds: true)
      }
      return sum.array
    }
    let small = try space.point("- | 16")
    let both = try gradients([space.fullPoint, small])
    let apart = try zip(gradients([space.fullPoint]), gradients([small])).map { $0 + $1 }
    for (one, other) in zip(both, apart) { #expect(abs(one - other) <= 1e-5 * max(1, abs(one))) }
  }
}
