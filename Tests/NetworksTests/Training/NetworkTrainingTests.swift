import Core
import Foundation
import Synchronization
import Testing

@testable import Networks

@Suite struct NetworkTrainingTests {
  private let space = ResidualCNN(widths: [16, 32], blocksPerStage: 2, imageSize: 16)

  /// A context with one thread, because tests run concurrently.
  private var context: TrainingContext {
    var context = TrainingContext.current
    context.threads = 1
    return context
  }

  private func training(epochs: Int = 6, randomPoints: Int? = nil) -> NetworkTraining {
    NetworkTraining(
      epochs: epochs, batchSize: 50, learningRate: 0.1, averaging: 0.9,
      augmentation: Augmentation(crop: 2, flips: true, cutout: 4), randomPoints: randomPoints, seed: 5)
  }

  @Test func aSupernetLearnsShapesWithAllItsNetworks() throws {
    let images = try ImageSet.shapes(800, size: 16, seed: 1)
    let test = try ImageSet.shapes(200, size: 16, seed: 2)
    let supernet = try space.train(
      on: images, validation: test, training(randomPoints: 1), label: "shapes", in: context)
    #expect(supernet.record.curve.count == 6)
    #expect(supernet.record.curve.map(\.epoch) == Array(1...6))
    let accuracy = try #require(supernet.accuracy)
    #expect(accuracy > 0.35)
    // A subnetwork classifies many shapes correctly once its batch norms are calibrated; chance would be a tenth.
    let network = try space.network(at: space.point("8 - | 16 -"))
    let cut = try supernet.weights.sliced(for: network)
    let weights = try network.calibrated(cut, on: images, supernet.normalization, in: context)
    #expect(weights != cut)
    let result = try network.test(weights, on: test, supernet.normalization, in: context)
    #expect(result.accuracy > 0.25)
    #expect(result.classes.count == 200)
    let right = zip(result.classes, test.labels).count { $0 == $1 }
    #expect(Double(right) / 200 == result.accuracy)
    // Networks with sorted channels compute the same.
    let sorted = try supernet.weights.sortedByMagnitude(in: space)
    let full = try space.fullNetwork()
    let ten = test.first(10)
    let (one, other) = (
      try full.logits(supernet.weights, of: ten, supernet.normalization, in: context),
      try full.logits(sorted, of: ten, supernet.normalization, in: context)
    )
    for (a, b) in zip(one, other) { #expect(abs(a - b) < 1e-3 * max(1, abs(a))) }
  }

  @Test func theSameArgumentsGiveTheSameBits() throws {
    let images = try ImageSet.shapes(200, size: 16, seed: 1)
    let first = try space.train(on: images, training(epochs: 2, randomPoints: 1), in: context)
    #expect(try space.train(on: images, training(epochs: 2, randomPoints: 1), in: context) == first)
    var other = training(epochs: 2, randomPoints: 1)
    other.seed = 6
    #expect(try space.train(on: images, other, in: context).weights != first.weights)
  }

  /// A run that is interrupted at any step continues from its last state, of the whole network and of a supernet.
  @Test(arguments: [nil, 1] as [Int?]) func interruptedRunsGoOnToTheSameBits(randomPoints: Int?) throws {
    let plan = training(epochs: 2, randomPoints: randomPoints)
    let images = try ImageSet.shapes(200, size: 16, seed: 1)
    let test = try ImageSet.shapes(40, size: 16, seed: 2)
    let whole = try space.train(on: images, validation: test, plan, label: "run", in: context)
    let kept = Mutex<[String: Data]>([:])
    var results: [TrainedNetwork] = []
    for end in [3, 6, 100] {
      // Every save is counted. After `end` saves the storage keeps nothing more, as if the process had ended.
      let saves = Mutex(0)
      var context = context
      context.checkpoints = TrainingCheckpoints(
        storage: KeyedStorage(
          load: { key in kept.withLock { $0[key] } },
          save: { key, data in
            if saves.withLock({
              $0 += 1
              return $0
            }) <= end {
              kept.withLock { $0[key] = data }
            }
          }),
        every: .zero)
      results.append(try space.train(on: images, validation: test, plan, label: "run", in: context))
    }
    // The last run started at the ninth step, and its result is what it stored.
    for result in results { #expect(result == whole) }
    #expect(kept.withLock(\.count) == 1)
  }

  @Test func reportsEpochs() throws {
    let images = try ImageSet.shapes(100, size: 16, seed: 1)
    let seen = Mutex<[TrainingProgress]>([])
    var context = context
    context.progress = { progress in seen.withLock { $0.append(progress) } }
    let result = try space.train(
      on: images, validation: images.first(20), training(epochs: 2), label: "run", in: context)
    let records = seen.withLock { $0 }
    #expect(records.map(\.record) == result.record.curve)
    #expect(records.allSatisfy { $0.run == "run" && $0.epochs == 2 })
    #expect(records[0].record.figures.keys.sorted() == ["accuracy", "validation accuracy"])
  }

  @Test func whatCantBeTrained() throws {
    let images = try ImageSet.shapes(100, size: 16, seed: 1)
    func cause(_ change: (inout NetworkTraining) -> Void, images other: ImageSet? = nil) -> String? {
      var training = training()
      change(&training)
      let error = #expect(throws: InputError.self) { try space.train(on: other ?? images, training, in: context) }
      return error?.cause
    }
    #expect(cause { $0.epochs = 0 } == "a network can't be trained for 0 epochs")
    #expect(cause { $0.batchSize = 128 } == "100 images can't be trained in batches of 128")
    #expect(cause { $0.learningRate = .nan } == "the learning rate can't be nan")
    #expect(cause { $0.momentum = 1 } == "the momentum can't be 1.0")
    #expect(cause { $0.labelSmoothing = -1 } == "labels can't be smoothed by -1.0")
    #expect(cause { $0.randomPoints = 99 } == "a step can't train 99 random points")
    #expect(cause { $0.augmentation.crop = 16 } == "images of 16 pixels can't be moved by 16 pixels with 4 cut out")
    #expect(
      cause({ _ in }, images: try ImageSet.shapes(100, size: 32, seed: 1))
        == "the images have 32 pixels, but the space residual reads 16")
    var few = images
    few.classes.append("eleven")
    #expect(
      cause({ _ in }, images: few) == "the images have 11 classes, but the space residual tells 10 apart")
  }

  @Test func divergenceIsAnError() throws {
    let images = try ImageSet.shapes(100, size: 16, seed: 1)
    var training = training(epochs: 20)
    training.learningRate = 1e30
    training.schedule = .constant
    let error = #expect(throws: TrainingDivergence.self) {
      try space.train(on: images, training, label: "far", in: context)
    }
    #expect(error?.run == "far")
  }
}
