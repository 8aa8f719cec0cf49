import Foundation
import Testing

@testable import Core
@testable import Numerics

/// The kernels that the samplers draw equal those of `Tests/Reference/kernel_sampling_reference.py`.
@Suite struct KernelSamplingReferenceTests {
  /// A convolution, and the activation that is fused with it if there are two nodes.
  private static func kernel(
    height: Int, _ inputs: Int, _ outputs: Int, window: Int, nodes: Int = 2, groups: Int? = nil
  ) -> Kernel {
    let convolution = Node(
      .convolution, kernel: window, stride: 1, inputChannels: inputs, outputChannels: outputs, height: height,
      width: height, groups: groups)
    let activation = Node(.relu, outputChannels: outputs, height: height, width: height)
    return Kernel(nodes == 1 ? [convolution] : [convolution, activation])
  }

  private static func channels(_ kernel: Kernel) -> [Int] {
    [NodeAttribute.inputChannels, .outputChannels].compactMap { kernel.nodes[0][$0] }
  }

  /// The loss of three kernels with four sizes, and its gradients.
  @Test func autoencoder() throws {
    let network = KernelAutoencoder(inputs: 4, units: 5, latent: 2)
    let parameters = ParameterVector(network.layout, seed: 0)
    parameters.values = (0..<network.layout.count).map { 0.4 * sin(0.9 * Double($0)) }
    let tape = Tape()
    let weights = try tape.bind(parameters)
    let sizes: [Double] = (0..<3).flatMap { row in (0..<4).map { sin(1 + 0.8 * Double(row) + 1.9 * Double($0)) } }
    let normal: [Double] = (0..<3).flatMap { row in (0..<2).map { cos(2 + 1.1 * Double(row) + 0.6 * Double($0)) } }
    let loss = try network.loss(
      tape.constant(sizes, rows: 3, columns: 4), noise: tape.constant(normal, rows: 3, columns: 2), divergence: 0.3,
      weights)
    try tape.backward(from: loss)
    let gradients = try weights.gradients()
    #expect(abs(loss.scalar - 3.0581) < 2e-4)
    #expect(abs(gradients.reduce(0) { $0 + $1 * $1 }.squareRoot() - 3.63245) < 1e-3)
    let sum = gradients.enumerated().reduce(0) { $0 + $1.element * sin(Double($1.offset) / 2) }
    #expect(abs(sum + 1.49502) < 1e-3)
  }

  /// Training and drawing together. The stride is the same in all known kernels. Some of the kernels have an activation
  /// and some don't, and a drawn one is like the nearest.
  @Test func sampler() throws {
    let heights = [28, 14, 7]
    let known = (0..<12).map { number -> Kernel in
      Self.kernel(
        height: heights[number % 3], 8 + 5 * number, 12 + 7 * number, window: number % 2 == 1 ? 3 : 5,
        nodes: number % 4 == 0 ? 1 : 2)
    }
    let sampler = try KernelSampler(known, units: 6, steps: 300, divergence: 0.1, seed: 6)
    // The height, the input and output channels, the window and the number of nodes of each kernel.
    let sizes: [[Int]] = [
      [14, 49, 65, 3, 2], [14, 43, 53, 3, 2], [14, 32, 47, 3, 1], [14, 31, 41, 5, 1], [14, 36, 51, 3, 2],
      [14, 30, 44, 3, 1], [14, 34, 47, 3, 1], [14, 35, 50, 3, 2], [28, 25, 34, 5, 2], [14, 52, 69, 3, 2],
      [14, 41, 56, 3, 2], [14, 49, 62, 3, 2], [14, 39, 55, 3, 2], [14, 44, 59, 3, 2], [14, 46, 63, 3, 2],
      [14, 38, 55, 3, 2],
    ]
    let expected = sizes.map { Self.kernel(height: $0[0], $0[1], $0[2], window: $0[3], nodes: $0[4]) }
    let drawn = try sampler.sample(16)
    #expect(drawn == expected)
  }

  /// The kernels of the test for adaptive sampling. All take 1 ms except three, which take 2 ms: one of the test part
  /// and two of the judges. All others are equal, so their predictions are right.
  private static let kernels = (0..<20).map { kernel(height: 14, 2 + 3 * $0, 3 + 5 * $0, window: 3) }
  private static let test = [(44, 73), (14, 23), (35, 58), (29, 48)].map { kernel(height: 14, $0.0, $0.1, window: 3) }
  private static let slow = [(35, 58), (17, 28), (2, 3)].map { kernel(height: 14, $0.0, $0.1, window: 3) }

  /// The outcome, and the kernels of each call of the measurement.
  private func run(tolerance: Double) throws -> (AdaptiveSampling.Outcome, [[Kernel]]) {
    let sampling = AdaptiveSampling(rounds: 2, near: 4, tolerance: tolerance, method: .forest(trees: 5), seed: 20)
    var calls: [[Kernel]] = []
    let outcome = try sampling.run(from: Self.kernels) { kernels in
      calls.append(kernels)
      return kernels.map { Self.slow.contains($0) ? 2.0 : 1.0 }
    }
    return (outcome, calls)
  }

  /// In each round, four kernels are drawn around each of the two judges that are predicted wrongly, and none around
  /// the kernel of the test part. Around the judge with 2 and 3 channels there are few kernels, and none is measured
  /// twice.
  @Test func adaptiveSamplingDrawsAroundBadPredictions() throws {
    let (outcome, calls) = try run(tolerance: 0.1)
    try #require(calls.count == 3)
    #expect(Set(calls[0]) == Set(Self.kernels) && calls[0].count == 20)
    #expect(calls[1].map(Self.channels) == [[19, 23], [18, 27], [9, 24], [17, 31], [2, 2], [1, 3]])
    #expect(calls[2].map(Self.channels) == [[11, 25], [15, 28], [13, 28], [10, 28]])
    for kernel in calls[1] + calls[2] {
      let channels = Self.channels(kernel)
      #expect(kernel == Self.kernel(height: 14, channels[0], channels[1], window: 3), "only channels differ")
    }
    #expect(outcome.sizes == [12, 18, 22])
    #expect(outcome.shares == [0.75, 0.75, 0.75])
    #expect(outcome.table.count == 26)
    #expect(Self.test.allSatisfy { outcome.table.time(of: $0) == nil })
    #expect(Self.slow.map { outcome.table.time(of: $0) } == [nil, 2, 2])
  }

  /// A prediction of 1 ms instead of 2 ms has the relative error 0.5.
  @Test func adaptiveSamplingEndsWhenAllAreWithinTheTolerance() throws {
    let (outcome, calls) = try run(tolerance: 0.6)
    #expect(calls.count == 1 && outcome.sizes == [12] && outcome.shares == [1])
    #expect(outcome.table.count == 16)
  }

  /// A depthwise convolution has one number of channels, from one random number.
  @Test func depthwiseConvolutionsStayDepthwise() {
    var random = SeededGenerator(seed: 5)
    let kernel = Self.kernel(height: 14, 32, 32, window: 3, groups: 32)
    for channels in [22, 29, 31, 34] {
      let drawn = kernel.nearby(using: &random)
      #expect(drawn == Self.kernel(height: 14, channels, channels, window: 3, groups: channels))
    }
  }
}
