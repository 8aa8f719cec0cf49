import Foundation
import Numerics
import Testing

@testable import Core

/// Trainings, ensembles and predictions give the same bits with all kernels that this processor supports and with
/// several numbers of threads.
@Suite struct EqualTrainingsTests {
  private func encoded(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    encoder.userInfo[WallClock.key] = WallClock.Switch(omitsTimes: true)
    return try encoder.encode(value)
  }

  /// Calls `body` with each kernel set and number of threads, and expects the same result each time.
  private func expectTheSame(_ body: () throws -> Data) throws {
    var first: Data?
    defer { VectorKernels.all.first.map(VectorKernels.use) }
    for kernels in VectorKernels.all {
      VectorKernels.use(kernels)
      for threads in kernels.choice == .plain ? [1] : [1, 2, 3] {
        var context = TrainingContext.current
        context.threads = threads
        let result = try context.run { try body() }
        if let first {
          #expect(result == first, "\(kernels.name), \(threads) threads")
        } else {
          first = result
        }
      }
    }
    #expect(first != nil)
  }

  static let options = [
    TrainingOptions(epochs: 3, batchSize: 10, learningRate: 5e-3, loss: .relative, seed: 1),
    TrainingOptions(
      epochs: 3, batchSize: 33, learningRate: 5e-3, schedule: .cosine().warmUp(epochs: 1), loss: .relativeHuber(),
      targetScaling: .linear, weights: .lastEpoch, gradientNormLimit: 0.5, seed: 2),
    TrainingOptions(
      epochs: 3, batchSize: 7, learningRate: 1e-3, optimizer: .sgd(), loss: .huber(), weights: .average(share: 0.5),
      seed: 3),
  ]
  static let shapes = [
    GCN.Configuration(layers: 2, hiddenUnits: 37), GCN.Configuration(layers: 3, hiddenUnits: 5, dropout: 0.2),
  ]

  @Test(arguments: options, shapes)
  func trainingsAndPredictions(_ options: TrainingOptions, _ shape: GCN.Configuration) throws {
    let data = try PrunedResNet.load("epyc-ort-1t")
    let split = try Split(
      training: Array(stride(from: 0, to: 300, by: 6)), validation: Array(401..<411), test: Array(421..<431))
    try expectTheSame {
      let run = try train(shape, on: data, split: split, options: options)
      let predicted = try run.predictor.predict(data[split.test].graphs)
      return try encoded(run) + encoded(predicted)
    }
  }

  @Test(arguments: [Loss.relativeHuber(), .gaussian, .rankingHinge()])
  func trainingsOnTheTape(_ loss: Loss) throws {
    let data = try PrunedResNet.load("epyc-ort-1t")
    let split = try Split(
      training: Array(stride(from: 0, to: 300, by: 6)), validation: Array(401..<411), test: Array(421..<431))
    try expectTheSame {
      let options = TrainingOptions(epochs: 3, batchSize: 20, learningRate: 5e-3, loss: loss, seed: 4)
      let run = try Perceptron(hiddenUnits: [33, 20], dropout: 0.1, options: options).fit(to: data, split: split)
      return try encoded(run) + encoded(try run.predictor.estimate(data[split.test].graphs))
    }
  }

  @Test func ensembles() throws {
    let data = try PrunedResNet.load("epyc-ort-1t")
    let split = try Split(
      training: Array(stride(from: 0, to: 300, by: 6)), validation: Array(401..<411), test: Array(421..<431))
    try expectTheSame {
      let run = try trainEnsemble(
        [
          MemberKind(GCN.Configuration(layers: 1, hiddenUnits: 4), context: [.successors]),
          MemberKind(GCN.Configuration(layers: 2, hiddenUnits: 18), context: [.ancestors, .degrees]),
        ], folds: 2, on: data, split: split,
        options: TrainingOptions(
          epochs: 2, batchSize: 16, learningRate: 5e-3, loss: .relativeHuber(), weights: .lastEpoch, seed: 5),
        baseline: .linear, label: "two")
      return try encoded(run) + encoded(try run.predictor.predict(data[split.test].graphs))
    }
  }
}
