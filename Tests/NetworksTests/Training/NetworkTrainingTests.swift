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

  /// The factors of the first steps are 1/10, 2/11 and 3/12, of which the setting limits the last one to 0.2.
  @Test func averagesByHand() throws {
    let images = try ImageSet.shapes(20, size: 16, seed: 1)
    // An epoch has one step, and the learning rate is constant, so shorter runs have the weights after each step.
    func weights(steps: Int, averaging: Double?) throws -> NetworkWeights {
      let training = NetworkTraining(
        epochs: steps, batchSize: 20, learningRate: 0.05, schedule: .constant, averaging: averaging, seed: 5)
      return try space.train(on: images, training, in: context).weights
    }
    var expected = NetworkWeights(random: try space.fullNetwork(), seed: 5)
    for (index, factor) in [1.0 / 10, 2.0 / 11, 0.2].enumerated() {
      let share = Float(1 - factor)
      for (name, tensor) in try weights(steps: index + 1, averaging: nil).tensors {
        let before = try #require(expected.tensors[name]).values
        expected.tensors[name]?.values = zip(before, tensor.values).map { $0 + share * ($1 - $0) }
      }
      for (name, tensor) in try weights(steps: index + 1, averaging: 0.2).tensors {
        let values = try #require(expected.tensors[name]).values
        #expect(zip(tensor.values, values).allSatisfy { abs($0 - $1) <= 1e-5 * max(1, abs($1)) }, "\(name)")
      }
    }
  }

  /// The outputs for an image and its mirror image are averaged before the loss and the class are computed.
  @Test func flipsByHand() throws {
    // The second batch is filled up by its last image.
    let images = try ImageSet.shapes(130, size: 16, seed: 3)
    let pixels = stride(from: 0, to: images.pixels.count, by: 16).flatMap { images.pixels[$0..<$0 + 16].reversed() }
    let mirrored = try ImageSet(classes: images.classes, size: 16, pixels: pixels, labels: images.labels)
    let network = try space.fullNetwork()
    let weights = NetworkWeights(random: network, seed: 1)
    let outputs = try [images, mirrored].map {
      try network.logits(weights, of: $0, images.normalization, in: context)
    }
    let means = zip(outputs[0], outputs[1]).map { Double($0 + $1) / 2 }
    var loss = 0.0
    var classes: [UInt16] = []
    for (image, label) in images.labels.enumerated() {
      let row = Array(means[image * 10..<image * 10 + 10])
      let sum = row.reduce(0.0) { $0 + exp($1) }
      loss += log(sum) - row[Int(label)]
      classes.append(UInt16((0..<10).max { row[$0] < row[$1] } ?? 0))
    }
    let result = try network.test(weights, on: images, images.normalization, flips: true, in: context)
    #expect(abs(result.loss - loss / 130) < 1e-4 * loss / 130)
    #expect(result.classes == classes)
    #expect(result.accuracy == Double(zip(classes, images.labels).count { $0 == $1 }) / 130)
    #expect(try network.test(weights, on: images, images.normalization, in: context).loss != result.loss)
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

  /// The key of a checkpoint has no NaN, so arguments are checked before it is made.
  @Test func whatCantBeTrainedIsToldWithCheckpoints() throws {
    let images = try ImageSet.shapes(100, size: 16, seed: 1)
    var context = context
    context.checkpoints = TrainingCheckpoints(storage: KeyedStorage(load: { _ in nil }, save: { _, _ in }))
    var plan = training()
    plan.learningRate = .nan
    var error = #expect(throws: InputError.self) { try space.train(on: images, plan, in: context) }
    #expect(error?.cause == "the learning rate can't be nan")
    var weights = NetworkWeights(random: try space.fullNetwork(), seed: 1)
    weights.tensors["linear.bias"]?.values[0] = .nan
    error = #expect(throws: InputError.self) {
      try space.train(on: images, training(), from: weights, in: context)
    }
    #expect(error?.cause == "the value 0 of the weight \"linear.bias\" is not a finite number")
  }

  /// No loss is computed after the last step.
  @Test func divergenceOfTheLastStepIsAnError() throws {
    let images = try ImageSet.shapes(50, size: 16, seed: 1)
    var training = training(epochs: 1)
    // More than the largest number of 32 bits.
    training.learningRate = 1e39
    training.schedule = .constant
    let error = #expect(throws: TrainingDivergence.self) {
      try space.train(on: images, training, label: "far", in: context)
    }
    #expect(error?.epoch == 1 && error?.batch == 1 && error?.learningRate == 1e39)
    #expect(throws: TrainingDivergence.self) {
      try space.train(on: images, validation: images, training, label: "far", in: context)
    }
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
