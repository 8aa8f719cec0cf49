import Foundation
import Synchronization
import Testing

@testable import Core
@testable import Networks

/// A space as a notebook may declare one. Its kernel and the width that it builds for a choice between the smallest and
/// the largest stand for numbers in the code of its `build`, which aren't among its settings.
private struct ChangedSpace: NetworkSpace {
  static let name = "changed"
  var imageSize = 16
  var classes = 10
  var kernel = 3
  var between = 4

  private enum CodingKeys: CodingKey { case imageSize, classes }

  var stages: [[NetworkUnit]] {
    [[NetworkUnit(name: "conv", widths: [2, 4, 8], canBeDropped: false, channels: [.init("conv.weight", axis: 0)])]]
  }
  func validate() throws {}

  func build(_ point: Point, into network: inout NetworkBuilder) {
    let width = point.stages[0][0].width
    _ = network.convolution(
      "conv", normalization: "bn", of: NetworkBuilder.image, outputs: width == 4 ? between : width, kernel: kernel,
      isActivated: true)
    network.head("linear")
  }
}

/// Checkpoints of spaces that were changed since.
@Suite struct NetworkTrainerTests {
  private let training = NetworkTraining(epochs: 1, batchSize: 50, learningRate: 0.1, seed: 5)

  /// A context with one thread, because tests run concurrently.
  private var context: TrainingContext {
    var context = TrainingContext.current
    context.threads = 1
    return context
  }

  /// A storage in memory.
  private final class Memory: Sendable {
    private let kept = Mutex<[String: Data]>([:])

    var count: Int { kept.withLock(\.count) }
    var storage: KeyedStorage {
      KeyedStorage(
        load: { key in self.kept.withLock { $0[key] } }, save: { key, data in self.kept.withLock { $0[key] = data } })
    }
  }

  /// What a space of a notebook's own builds is among the things that a stored result depends on.
  @Test func aSpaceThatWasChangedIsTrainedAnew() throws {
    let images = try ImageSet.shapes(100, size: 16, seed: 1)
    let memory = Memory()
    func shape(_ space: ChangedSpace) throws -> [Int]? {
      var context = context
      context.checkpoints = TrainingCheckpoints(storage: memory.storage, every: .zero, fits: memory.storage)
      return try space.train(on: images, training, in: context).weights.tensors["conv.weight"]?.shape
    }
    #expect(try shape(ChangedSpace()) == [8, 3, 3, 3])
    #expect(try shape(ChangedSpace(kernel: 5)) == [8, 3, 5, 5])
    let count = memory.count
    #expect(try shape(ChangedSpace()) == [8, 3, 3, 3])
    #expect(memory.count == count)
  }

  /// A supernet depends on the networks between the whole and the smallest one, too.
  @Test func aSupernetWhoseOtherNetworksWereChangedIsTrainedAnew() throws {
    let images = try ImageSet.shapes(100, size: 16, seed: 1)
    let memory = Memory()
    var training = training
    training.randomPoints = 1
    func results(_ space: ChangedSpace) throws -> Int {
      var context = context
      context.checkpoints = TrainingCheckpoints(storage: memory.storage, every: .zero, fits: memory.storage)
      _ = try space.train(on: images, training, in: context)
      return memory.count
    }
    let first = try results(ChangedSpace())
    #expect(try results(ChangedSpace()) == first)
    let second = try results(ChangedSpace(between: 3))
    #expect(second > first)
    #expect(try results(ChangedSpace()) == second)
  }

  @Test func aStateOfAnotherNetworkIsNotUsed() throws {
    let images = try ImageSet.shapes(100, size: 16, seed: 1)
    let memory = Memory()
    func weights(kernel: Int, isStored: Bool = true) throws -> NetworkWeights {
      var context = context
      if isStored {
        context.checkpoint = RunCheckpoint(
          content: "run", call: 1, storage: memory.storage, fits: nil, interval: .zero)
      }
      return try NetworkTrainer(
        ChangedSpace(kernel: kernel), images: images, validation: nil, training: training, from: nil,
        context: context
      ).run().weights
    }
    let alone = try weights(kernel: 5, isStored: false)
    _ = try weights(kernel: 3)
    #expect(memory.count == 1)
    #expect(try weights(kernel: 5) == alone)
    // Its own state is.
    #expect(try weights(kernel: 5) == alone)
  }
}
