internal import COneDNN
import Core
import Numerics
import Testing

@testable import Networks

/// Pooling in windows against numbers by hand.
@Suite struct WindowPoolingTests {
  /// One image with one channel of 5 x 5 positions, of which the last row and column aren't in a window.
  private static let values: [Float] = [
    1, 2, 0, 0, 9,
    3, 3, 0, 0, 9,
    -1, -2, 5, 4, 9,
    -3, -4, 6, 7, 9,
    9, 9, 9, 9, 9,
  ]

  private func pooled(isMax: Bool, _ values: [Float] = values) throws -> (result: [Float], gradient: [Float]) {
    try OneDNN.use(threads: 1)
    let block = OneDNN.block
    func map(_ side: Int) -> feature_map { feature_map(batch: 1, channels: 1, positions: side * side, block: block) }
    let (x, y) = (Buffer<Float>(25 * block, repeating: 0), Buffer<Float>(4 * block, repeating: -1))
    for (position, value) in values.enumerated() { x.pointer[position * block] = value }
    window_pool_forward(map(5), 5, 2, isMax, x.pointer, y.pointer)
    let (gradient, dx) = (Buffer<Float>(4 * block, repeating: 0), Buffer<Float>(25 * block, repeating: 7))
    for position in 0..<4 { gradient.pointer[position * block] = Float(position + 1) }
    window_pool_backward(map(5), 5, 2, isMax, x.pointer, gradient.pointer, dx.pointer)
    // The channels that pad a block stay zero.
    #expect((0..<4 * block).allSatisfy { $0 % block == 0 || y.pointer[$0] == 0 })
    #expect((0..<25 * block).allSatisfy { $0 % block == 0 || dx.pointer[$0] == 0 })
    return ((0..<4).map { y.pointer[$0 * block] }, (0..<25).map { dx.pointer[$0 * block] })
  }

  /// Where several values of a window are its maximum, max pooling's backward pass gives the gradient to the first.
  @Test(
    arguments: [
      (
        true, [3, 0, -1, 7],
        [
          0, 0, 2, 0, 0,
          1, 0, 0, 0, 0,
          3, 0, 0, 0, 0,
          0, 0, 0, 4, 0,
          0, 0, 0, 0, 0,
        ]
      ),
      (
        false, [2.25, 0, -2.5, 5.5],
        [
          0.25, 0.25, 0.5, 0.5, 0,
          0.25, 0.25, 0.5, 0.5, 0,
          0.75, 0.75, 1, 1, 0,
          0.75, 0.75, 1, 1, 0,
          0, 0, 0, 0, 0,
        ]
      ),
    ] as [(Bool, [Float], [Float])])
  func theMaximumOrMeanOfEachWindow(isMax: Bool, result: [Float], gradient: [Float]) throws {
    let found = try pooled(isMax: isMax)
    #expect(found.result == result)
    #expect(found.gradient == gradient)
  }

  /// As in PyTorch, wherever in the window it is.
  @Test(arguments: [true, false]) func aNaNIsTheResultOfItsWindow(isMax: Bool) throws {
    for position in [0, 1, 5, 6] {
      var values = Self.values
      values[position] = .nan
      let result = try pooled(isMax: isMax, values).result
      #expect(result.map(\.isNaN) == [true, false, false, false])
    }
  }

  @Test func windowsThatDoNotFitAreTold() {
    let error = #expect(throws: InputError.self) {
      try GroupedCNN(imageSize: 16, pooling: .max(17)).network(at: GroupedCNN(imageSize: 16).fullPoint)
    }
    #expect(
      error?.cause == "the layer \"stem.conv\" of the space grouped pools windows of 17 in 16 x 16 positions")
  }
}
