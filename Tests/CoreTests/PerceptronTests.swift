import Foundation
import Testing

@testable import Core
@testable import Numerics

@Suite struct PerceptronTests {
  private static let data = Result { try PrunedResNet.load("epyc-ort-1t") }
  private var data: Dataset { get throws { try Self.data.get() } }
  private var split: Split {
    get throws {
      try Split(
        training: Array(stride(from: 0, to: 600, by: 4)), validation: Array(stride(from: 1, to: 600, by: 40)),
        test: Array(stride(from: 2, to: 600, by: 8)))
    }
  }

  private func recipe(epochs: Int = 60, dropout: Double = 0) -> Perceptron {
    Perceptron(
      hiddenUnits: [32, 32], dropout: dropout,
      options: TrainingOptions(epochs: epochs, batchSize: 16, learningRate: 3e-3, gradientNormLimit: 5, seed: 1))
  }

  @Test func learnsWhatNetworksTake() throws {
    let fit = try recipe().fit(to: data, split: split)
    #expect(fit.curve.count == 60)
    #expect(fit.curve[59].trainingLoss < fit.curve[0].trainingLoss / 2)
    #expect(try fit.predictor.evaluate(on: data[split.test]).share(within: 0.2) > 0.8)
  }

  @Test func threadsDecideOnNoBit() throws {
    let fits = try [1, 2, 3].map { threads in
      var context = TrainingContext.current
      context.threads = threads
      return try recipe(epochs: 3, dropout: 0.2).fit(to: data, split: split, in: context)
    }
    #expect(fits[0].predictor == fits[1].predictor)
    #expect(fits[0].predictor == fits[2].predictor)
  }

  @Test func goesOnWhereItLeftOff() throws {
    let (data, split) = (try data, try split)
    let used = split.training + split.validation
    let features = try NetworkFeatures(fitting: data[split.training].graphs)
    let rows = try features.rows(of: data[used].graphs)
    func trainer(_ epochs: Int) throws -> TapeTrainer<PerceptronModel> {
      try TapeTrainer(
        PerceptronModel(inputs: rows.columns, hiddenUnits: [8], layerNorm: true, dropout: 0.1), inputs: rows,
        targets: data[used].latencies, training: Array(0..<split.training.count),
        validation: Array(split.training.count..<used.count),
        options: TrainingOptions(epochs: epochs, schedule: .constant, weights: .lastEpoch, seed: 1), context: .current)
    }
    let whole = try trainer(4).run()
    let begun = try trainer(2)
    let half = try begun.run()
    // The state is encoded and decoded as a checkpoint is.
    let state = try PropertyListDecoder().decode(
      TrainerState.self, from: PropertyListEncoder().encode(begun.state(half.curve, 1, BestEpoch(nil), WeightAverage()))
    )
    let continued = try trainer(4).run(from: state)
    #expect(continued.parameters == whole.parameters)
    #expect(continued.curve.map(\.trainingLoss) == whole.curve.map(\.trainingLoss))
  }

  @Test func membersOfAnEnsembleLearn() throws {
    let fit = try Ensemble([recipe(epochs: 10), LinearRegression()], folds: 2, seed: 3).fit(to: data, split: split)
    #expect(try fit.predictor.evaluate(on: data[split.test]).share(within: 0.3) > 0.7)
  }

  @Test func settingsOutOfRangeAreErrors() throws {
    #expect(
      try message { _ = try Perceptron(hiddenUnits: [0]).fit(to: data, split: split) } == """
        a perceptron can't have a layer of 0 units
          Use 1 to 65536; 64 is usual.
        """)
    #expect(
      try message { _ = try Perceptron(dropout: 1).fit(to: data, split: split) } == """
        the dropout probability 1.0 is not between 0 and 0.99
          0.1 is usual.
        """)
  }
}
