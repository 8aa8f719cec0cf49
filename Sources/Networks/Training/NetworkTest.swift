import Core
import Numerics

/// The result of classifying images with a network.
public struct ClassificationResult: Codable, Hashable, Sendable {
  /// The mean cross entropy.
  public var loss: Double
  /// The fraction of images that were classified correctly.
  public var accuracy: Double
  /// The predicted class number of each image.
  public var classes: [UInt16]
}

/// Runs a network over images without training.
final class NetworkTest {
  private let pass: NetworkPass
  private let images: ImageSet
  private let batch: ImageBatch

  init(
    _ network: Network, of store: ParameterStore, _ resources: PassResources, images: ImageSet,
    normalization: ImageNormalization, batch size: Int
  ) throws {
    let size = max(min(size, images.count), 1)
    self.images = images
    pass = try NetworkPass(network, batch: size, of: store, resources, hasGradients: false)
    batch = ImageBatch(images, batch: size, normalization: normalization)
  }

  /// - Parameter flips: Whether the outputs for an image and its mirror image are averaged.
  func run(
    values: Buffer<Float>, statistics: Buffer<Float>, flips: Bool = false
  ) throws -> ClassificationResult {
    let (size, classes) = (pass.batch, pass.network.classes)
    var total = ClassificationLoss.Result()
    var told: [UInt16] = []
    var sums = [Float](repeating: 0, count: size * classes)
    for first in stride(from: 0, to: images.count, by: size) {
      let range = first..<min(first + size, images.count)
      let views = flips ? [false, true] : [false]
      for index in sums.indices { sums[index] = 0 }
      for view in views {
        batch.load(range, flips: view)
        try pass.forward(batch.images.pointer, values: values, statistics: statistics, from: .kept)
        for index in sums.indices { sums[index] += pass.logits.pointer[index] / Float(views.count) }
      }
      sums.withUnsafeBufferPointer { logits in
        guard let base = logits.baseAddress else { return }
        let result = ClassificationLoss(smoothing: 0).evaluate(base, labels: batch.labels, classes: classes)
        total.loss += result.loss
        total.correct += result.correct
        for row in 0..<range.count {
          let values = logits[row * classes..<(row + 1) * classes]
          let best = values.indices.max { values[$0] < values[$1] } ?? values.startIndex
          told.append(UInt16(best - values.startIndex))
        }
      }
    }
    let count = Double(max(images.count, 1))
    return ClassificationResult(loss: total.loss / count, accuracy: Double(total.correct) / count, classes: told)
  }

  /// The outputs for one batch of images, in order: images x classes.
  func logits(_ range: Range<Int>, values: Buffer<Float>, statistics: Buffer<Float>) throws -> [Float] {
    batch.load(range)
    try pass.forward(batch.images.pointer, values: values, statistics: statistics, from: .kept)
    return Array(pass.logits.values.prefix(range.count * pass.network.classes))
  }

  /// Measures means and variances over `batches` batches of images with equal weights.
  func calibrate(values: Buffer<Float>, statistics: Buffer<Float>, batches: Int) throws {
    for number in 0..<batches {
      let first = number * pass.batch
      batch.load(first..<min(first + pass.batch, images.count))
      try pass.forward(
        batch.images.pointer, values: values, statistics: statistics, from: .batch(share: 1 / Float(number + 1)))
    }
  }
}
