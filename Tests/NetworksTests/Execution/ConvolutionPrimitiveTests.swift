import Core
import Numerics
import Testing

@testable import Networks

/// Convolutions and their gradients against sums over all products. Those that oneDNN computes by Winograd's algorithm
/// (3 x 3, at least 32 channels, sizes that are multiples of 4, batches of 8 and more) have larger rounding errors, but
/// not larger ones than the tolerance.
@Suite struct ConvolutionPrimitiveTests {
  struct Case: CustomTestStringConvertible {
    var inputs: Int
    var outputs: Int
    var size: Int
    var kernel = 3
    var stride = 1
    var groups = 1
    var testDescription: String {
      "\(inputs) to \(outputs), \(size) pixels, kernel \(kernel), stride \(stride), groups \(groups)"
    }
  }

  static let cases = [
    Case(inputs: 32, outputs: 32, size: 8), Case(inputs: 40, outputs: 72, size: 4),
    Case(inputs: 33, outputs: 32, size: 12),
    Case(inputs: 32, outputs: 32, size: 7), Case(inputs: 32, outputs: 40, size: 8, stride: 2),
    Case(inputs: 40, outputs: 32, size: 8, kernel: 1), Case(inputs: 8, outputs: 24, size: 8),
    // Depthwise; groups of whole blocks; groups of fewer channels; two outputs for each input.
    Case(inputs: 40, outputs: 40, size: 8, groups: 40), Case(inputs: 64, outputs: 96, size: 8, groups: 2),
    Case(inputs: 64, outputs: 64, size: 8, stride: 2, groups: 4), Case(inputs: 24, outputs: 40, size: 8, groups: 4),
    Case(inputs: 32, outputs: 32, size: 8, groups: 8), Case(inputs: 20, outputs: 40, size: 7, kernel: 5, groups: 20),
  ]

  @Test(arguments: cases) func computesAllProducts(_ test: Case) throws {
    try OneDNN.use(threads: 2)
    let (batch, out) = (8, (test.size - 1) / test.stride + 1)
    let area = test.kernel * test.kernel
    let (groupInputs, groupOutputs) = (test.inputs / test.groups, test.outputs / test.groups)
    let primitive = try PassResources().primitive(
      ConvolutionPrimitive.Shape(
        batch: batch, inputs: test.inputs, outputs: test.outputs, groups: test.groups, size: test.size,
        kernel: test.kernel, stride: test.stride, readsImage: false,
        weightStrides: [groupInputs * area, area, test.kernel, 1],
        hasGradients: true), name: "test")
    let x = FeatureMap(batch: batch, channels: test.inputs, size: test.size, seed: 1)
    let g = FeatureMap(batch: batch, channels: test.outputs, size: out, seed: 2)
    var random = SeededGenerator(seed: 3)
    let weights = Buffer<Float>(test.outputs * groupInputs * area, repeating: 0)
    for index in 0..<weights.count { weights.pointer[index] = Float(2 * random.uniform() - 1) }
    let y = FeatureMap(batch: batch, channels: test.outputs, size: out)
    let dx = FeatureMap(batch: batch, channels: test.inputs, size: test.size)
    let dw = Buffer<Float>(weights.count, repeating: 0)
    let scratch = Buffer<UInt8>(primitive.scratch, repeating: 0)
    let memory = UnsafeMutableRawPointer(scratch.pointer)
    #expect(primitive.forward(x.values.pointer, weights: weights.pointer, output: y.values.pointer, scratch: memory))
    #expect(
      primitive.inputGradient(g.values.pointer, weights: weights.pointer, output: dx.values.pointer, scratch: memory))
    #expect(
      primitive.weightGradient(
        x.values.pointer, gradient: g.values.pointer, output: dw.pointer, adds: false, scratch: memory))

    var expected = (
      y: [Double](repeating: 0, count: y.values.count), dx: [Double](repeating: 0, count: dx.values.count)
    )
    var expectedWeights = [Double](repeating: 0, count: dw.count)
    for image in 0..<batch {
      for o in 0..<test.outputs {
        let firstInput = o / groupOutputs * groupInputs
        for i in firstInput..<firstInput + groupInputs {
          for position in 0..<out * out {
            let (row, column) = (position / out * test.stride, position % out * test.stride)
            let result = y.index(image, o, position)
            for tap in 0..<area {
              let (top, left) = (
                row + tap / test.kernel - test.kernel / 2, column + tap % test.kernel - test.kernel / 2
              )
              guard (0..<test.size).contains(top), (0..<test.size).contains(left) else { continue }
              let input = x.index(image, i, top * test.size + left)
              let weight = (o * groupInputs + i - firstInput) * area + tap
              let (a, w) = (Double(x.values.pointer[input]), Double(weights.pointer[weight]))
              let gradient = Double(g.values.pointer[result])
              expected.y[result] += a * w
              expected.dx[input] += gradient * w
              expectedWeights[weight] += gradient * a
            }
          }
        }
      }
    }
    #expect(distance(y.values, expected.y) < 1e-5)
    #expect(distance(dx.values, expected.dx) < 1e-5)
    #expect(distance(dw, expectedWeights) < 1e-5)
  }

  /// The norm of the difference, relative to the norm of the expected values.
  private func distance(_ values: Buffer<Float>, _ expected: [Double]) -> Double {
    var (difference, norm) = (0.0, 0.0)
    for (index, value) in expected.enumerated() {
      difference += (Double(values.pointer[index]) - value) * (Double(values.pointer[index]) - value)
      norm += value * value
    }
    return (difference / norm).squareRoot()
  }
}

/// A feature map in oneDNN's layout with blocks of channels. The padding of the last block is zero.
private struct FeatureMap {
  let values: Buffer<Float>
  private let blocks: Int
  private let positions: Int

  init(batch: Int, channels: Int, size: Int, seed: UInt64? = nil) {
    blocks = (channels + OneDNN.block - 1) / OneDNN.block
    positions = size * size
    values = Buffer(batch * blocks * OneDNN.block * positions, repeating: 0)
    guard let seed else { return }
    var random = SeededGenerator(seed: seed)
    for image in 0..<batch {
      for channel in 0..<channels {
        for position in 0..<positions {
          values.pointer[index(image, channel, position)] = Float(2 * random.uniform() - 1)
        }
      }
    }
  }

  func index(_ image: Int, _ channel: Int, _ position: Int) -> Int {
    ((image * blocks + channel / OneDNN.block) * positions + position) * OneDNN.block + channel % OneDNN.block
  }
}
