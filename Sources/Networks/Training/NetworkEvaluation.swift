import Core
import Numerics

extension Network {
  /// The weights with newly measured means and variances of all batch norms. A network that was cut out of a larger
  /// one needs them, because its feature maps differ.
  ///
  /// - Parameters:
  ///   - weights: The weights of this network.
  ///   - images: The training images. Of the first ones, as many whole batches of 128 are used as `count` holds, at
  ///     least one.
  /// - Throws: `InputError` when weights or images don't match the network.
  public func calibrated(
    _ weights: NetworkWeights, on images: ImageSet, _ normalization: ImageNormalization, count: Int = 256,
    in context: TrainingContext = .current
  ) throws -> NetworkWeights {
    try check(images, normalization)
    try OneDNN.use(threads: context.threads)
    let store = try ParameterStore(self, weights)
    let batch = min(128, images.count)
    let test = try NetworkTest(
      self, of: store, PassResources(), images: images, normalization: normalization, batch: batch)
    let batches = max(min(count, images.count) / batch, 1)
    try test.calibrate(values: store.values, statistics: store.statistics, batches: batches)
    return store.weights(store.values, store.statistics)
  }

  /// The classification accuracy of the network.
  ///
  /// - Parameter flips: Whether the outputs for an image and its mirror image are averaged.
  /// - Throws: `InputError` when weights or images don't match the network.
  public func test(
    _ weights: NetworkWeights, on images: ImageSet, _ normalization: ImageNormalization, flips: Bool = false,
    in context: TrainingContext = .current
  ) throws -> ClassificationResult {
    try check(images, normalization)
    try OneDNN.use(threads: context.threads)
    let store = try ParameterStore(self, weights)
    return try NetworkTest(
      self, of: store, PassResources(), images: images, normalization: normalization, batch: 128
    ).run(values: store.values, statistics: store.statistics, flips: flips)
  }

  /// The outputs (before softmax) for the first images: images x classes.
  public func logits(
    _ weights: NetworkWeights, of images: ImageSet, _ normalization: ImageNormalization,
    in context: TrainingContext = .current
  ) throws -> [Float] {
    try check(images, normalization)
    try OneDNN.use(threads: context.threads)
    let store = try ParameterStore(self, weights)
    let batch = min(128, images.count)
    let test = try NetworkTest(
      self, of: store, PassResources(), images: images, normalization: normalization, batch: batch)
    return try stride(from: 0, to: images.count, by: batch).flatMap { first in
      try test.logits(
        first..<min(first + batch, images.count), values: store.values, statistics: store.statistics)
    }
  }

  private func check(_ images: ImageSet, _ normalization: ImageNormalization) throws {
    try normalization.validate()
    try images.checkLabels()
    guard images.size == imageSize, images.classes.count == classes, images.count > 0 else {
      throw InputError(
        "the network reads images of \(imageSize) pixels in \(classes) classes, but these \(images.count) have "
          + "\(images.size) pixels and \(images.classes.count) classes",
        remedy: "Use images like those that the network was trained on.")
    }
  }
}
