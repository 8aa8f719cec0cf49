import Core
import Foundation

extension NetworkSpace {
  /// Trains the whole network, or the whole space with it (`NetworkTraining.randomPoints`).
  ///
  /// ```swift
  /// let cifar = try CIFAR.ten.load("cifar-10-batches-bin")
  /// let supernet = try ResidualCNN(width: 16).train(
  ///   on: cifar.training, validation: cifar.test, NetworkTraining(epochs: 20, randomPoints: 2), label: "supernet")
  /// ```
  /// A run that was interrupted continues from its checkpoint with the same bits. On the same processor and with the
  /// same number of threads, the same arguments give the same weights.
  ///
  /// - Parameters:
  ///   - validation: The images for tests after every epoch. Nothing is chosen by them.
  ///   - weights: The initial weights; random by default.
  ///   - label: The label of the run in progress and charts.
  /// - Throws: `InputError` when a setting or the images are invalid, `TrainingDivergence` when the loss diverges.
  public func train(
    on images: ImageSet, validation: ImageSet? = nil, _ training: NetworkTraining = NetworkTraining(),
    from weights: NetworkWeights? = nil, label: String = "", in context: TrainingContext = .current
  ) throws -> TrainedNetwork {
    try training.validate(images: images)
    try check(images)
    if let validation { try check(validation) }
    try weights?.checkNumbers()
    var context = context
    context.label = label.isEmpty ? context.sweepPoint ?? "" : label
    let content = TrainingContent(
      family: "networks.\(Self.name)", space: self, built: try built(training), training: training,
      label: context.label, threads: context.threads, weights: weights)
    return try context.keepingResult(of: content, data: images.digestParts + (validation?.digestParts ?? [])) { kept in
      for record in kept.record.curve {
        context.report(record, of: kept.record.curve.count, resumed: kept.record.curve.count)
      }
    } _: { context in
      try NetworkTrainer(
        self, images: images, validation: validation, training: training, from: weights, context: context
      ).run()
    }
  }

  /// What a space outside of Labbook builds, on which the result depends, too. A notebook may change its `build`
  /// without changing its settings. For Labbook's own spaces nil, because their settings tell it.
  private func built(_ training: NetworkTraining) throws -> BuiltSpace? {
    if _typeName(Self.self, qualified: true).hasPrefix("Networks.") { return nil }
    var points = [fullPoint]
    if training.randomPoints != nil {
      var random = SeededGenerator(seed: 0)
      points += [smallestPoint] + (0..<32).map { _ in randomPoint(using: &random) }
    }
    return BuiltSpace(stages: stages, networks: try points.map { try network(at: $0) })
  }

  /// - Throws: `InputError` unless the images fit the space.
  func check(_ images: ImageSet) throws {
    try validate()
    guard images.count > 0 else {
      throw InputError("there are no images", remedy: "Give at least one image of each set, or leave the set out.")
    }
    guard images.size == imageSize else {
      throw InputError(
        "the images have \(images.size) pixels, but the space \(Self.name) reads \(imageSize)",
        remedy: "Make the space with imageSize: \(images.size).")
    }
    guard images.classes.count == classes else {
      throw InputError(
        "the images have \(images.classes.count) classes, but the space \(Self.name) tells \(classes) apart",
        remedy: "Make the space with classes: \(images.classes.count).")
    }
    try images.checkLabels()
  }

  /// A point with uniformly random choices.
  func randomPoint(using random: inout some RandomNumberGenerator) -> Point {
    let choices = units.map { unit in ([unit.full] + unit.prunedChoices).randomElement(using: &random) ?? unit.full }
    return Point(choices, in: self)
  }
}

/// Everything that a trained network depends on besides its images. Sums over a batch depend on the number of
/// threads, because oneDNN divides them among the threads.
private struct TrainingContent<Space: NetworkSpace>: Encodable {
  var family: String
  var space: Space
  var built: BuiltSpace?
  var training: NetworkTraining
  var label: String
  var threads: Int
  var weights: NetworkWeights?
}

/// The units of a space, and some of its networks: the largest, and for a supernet the smallest and random ones.
private struct BuiltSpace: Encodable {
  var stages: [[NetworkUnit]]
  var networks: [Network]
}

extension ImageSet {
  /// The data from which the digest is computed: everything that a result can depend on.
  var digestParts: [Data] {
    [
      Data(classes.joined(separator: "\u{0}").utf8), Data(pixels),
      labels.map(\.littleEndian).withUnsafeBytes { Data($0) },
    ]
  }
}
