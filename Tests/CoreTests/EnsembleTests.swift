import Foundation
import Testing

@testable import Core

@Suite struct EnsembleTests {
  private static let data = Result { try PrunedResNet.load("epyc-ort-1t") }
  private static let split = Result {
    try Split(training: Array(stride(from: 0, to: 400, by: 8)), validation: Array(401..<421), test: Array(421..<600))
  }
  private static let options = TrainingOptions(
    epochs: 8, batchSize: 16, learningRate: 5e-3, loss: .relativeHuber(), weights: .lastEpoch, seed: 5)

  private static let kinds = [
    MemberKind(GCN.Configuration(layers: 1, hiddenUnits: 4), context: [.successors]),
    MemberKind(GCN.Configuration(layers: 2, hiddenUnits: 8), context: [.ancestors, .degrees]),
  ]
  private static let run = Result {
    try trainEnsemble(
      kinds, folds: 3, on: data.get(), split: split.get(), options: options, baseline: .linear, label: "two")
  }

  private var data: Dataset { get throws { try Self.data.get() } }
  private var split: Split { get throws { try Self.split.get() } }
  private var run: EnsembleRun { get throws { try Self.run.get() } }
  private let place = Place(file: "some.safetensors")

  @Test func membersAreTheRunsOfTheirKindsAndFolds() throws {
    let run = try run
    #expect(run.parts.map(\.label) == ["two 1.1", "two 1.2", "two 1.3", "two 2.1", "two 2.2", "two 2.3"])
    let learned = try data[split.training + split.validation]
    var options = Self.options
    options.seed = 9
    let recipe = GCNRecipe(
      Self.kinds[1].configuration, options: options,
      encoding: try GraphEncoding(fitting: learned.graphs, context: [.ancestors, .degrees]))
    let alone = try Residual(over: LinearRegression(huberThreshold: 1.345), of: recipe).fit(
      to: data, split: split.folds(3, seed: 5)[1], label: "two 2.2")
    #expect(alone.record == run.parts[4])
    #expect(run.predictor.members[4] == AnyPredictor(alone.predictor))
    #expect(run.weights.count == 2)
    for (member, weight) in run.predictor.weights.enumerated() {
      #expect(abs(weight - run.weights[member / 3] / 3) < 1e-15)
    }
    #expect(abs(run.weights.reduce(0, +) - 1) < 1e-12)
    #expect(run.seconds > 0)
    #expect(try handedOn(run) == run)
  }

  @Test func crossValidationIsOfWhatMembersLeftOut() throws {
    let run = try run
    let folds = try split.folds(3, seed: 5)
    let leftOut = try #require(run.leftOut)
    #expect(try leftOut.ids == folds.flatMap { try data[$0.validation].samples.map(\.graph.id) })
    let middle = try data[folds[1].validation]
    let (one, two) = (
      try run.predictor.members[1].predict(middle.graphs), try run.predictor.members[4].predict(middle.graphs)
    )
    let start = folds[0].validation.count
    for index in middle.samples.indices {
      let mean = run.weights[0] * one[index] + run.weights[1] * two[index]
      #expect(abs(leftOut.predicted[start + index] - mean) < 1e-9)
      #expect(leftOut.measured[start + index] == middle.latencies[index])
    }
  }

  @Test func predictsTheWeightedMean() throws {
    let predictor = try run.predictor
    let graphs = try data[split.test].graphs
    let members = try predictor.members.map { try $0.predict(graphs) }
    for (index, estimate) in try predictor.estimate(graphs).enumerated() {
      let values = zip(members.map { $0[index] }, predictor.weights)
      let mean = values.reduce(0) { $0 + $1.0 * $1.1 }
      let deviation = values.reduce(0) { $0 + ($1.0 - mean) * ($1.0 - mean) * $1.1 }.squareRoot()
      #expect(abs(estimate.latency - mean) < 1e-9 * mean)
      #expect(abs((estimate.spread ?? .nan) - deviation / mean) < 1e-9)
    }
    #expect(try predictor.predict(graphs) == predictor.estimate(graphs).map(\.latency))
    let alike = try EnsemblePredictor(members: predictor.members)
    #expect(alike.weights == Array(repeating: 1 / 6, count: 6))
    let first = try EnsemblePredictor(members: predictor.members, weights: [2, 0, 0, 0, 0, 0])
    #expect(try first.predict(graphs) == members[0])
  }

  /// The variance between members is that between folds and that of the kinds within each fold.
  @Test func spreadHasAPartBetweenFolds() throws {
    let predictor = try run.predictor
    #expect(predictor.folds == 3)
    let graphs = try data[split.test].graphs
    let members = try predictor.members.map { try $0.predict(graphs) }
    for (index, estimate) in try predictor.estimate(graphs).enumerated() {
      var within = 0.0
      for fold in 0..<3 {
        let (one, two) = (members[fold][index], members[fold + 3][index])
        let (first, second) = (predictor.weights[fold] * 3, predictor.weights[fold + 3] * 3)
        let mean = first * one + second * two
        within += (first * (one - mean) * (one - mean) + second * (two - mean) * (two - mean)) / 3
      }
      #expect(abs((estimate.spreadWithinFolds ?? .nan) - within.squareRoot() / estimate.latency) < 1e-9)
    }
    #expect(try EnsemblePredictor(members: predictor.members).estimate(graphs)[0].foldSpread == nil)
    #expect(
      try message { _ = try EnsemblePredictor(members: predictor.members, folds: 4) } == """
        an ensemble of 6 members can't have 4 folds
          Give as many members for each recipe as there are folds.
        """)
  }

  @Test func threadsDecideOnNoBit() throws {
    var context = TrainingContext.current
    context.threads = 1
    let again = try context.run {
      try trainEnsemble(
        Self.kinds, folds: 3, on: data, split: split, options: Self.options, baseline: .linear, label: "two")
    }
    #expect(try again == run)
  }

  /// The baseline alone would do as well on the training part. The size of the predictions shows that it is
  /// multiplied in.
  @Test func baselineTakesPart() throws {
    let predictor = try run.predictor
    let member = try #require(predictor.members[0].as(ResidualPredictor.self))
    let baseline = try #require(member.baseline?.as(LinearPredictor.self))
    let test = try data[split.test]
    let folds = try split.folds(3, seed: 5)
    #expect(try baseline == LinearPredictor(fitting: data[folds[0].training], huberThreshold: 1.345))
    let other = try #require(predictor.members[4].as(ResidualPredictor.self)?.baseline)
    #expect(try other == AnyPredictor(LinearPredictor(fitting: data[folds[1].training], huberThreshold: 1.345)))
    let ratios = try zip(predictor.predict(test.graphs), baseline.predict(test.graphs)).map(/)
    #expect(ratios.allSatisfy { $0 > 0.7 && $0 < 1.4 })
    #expect(try predictor.evaluate(on: test).share(within: 0.1) > 0.5)
  }

  @Test func intervalsAreCalibratedOnWhatMembersLeftOut() throws {
    let run = try run
    let predictor = run.predictor
    #expect(predictor.calibration?.scores.count == 70)
    let errors = (run.leftOut?.items ?? []).map { abs(log($0.measured / $0.predicted)) }
    #expect(predictor.calibration?.typicalError == errors.sorted()[35])
    let test = try data[split.test]
    let intervals = try predictor.predictIntervals(test.graphs, coverage: 0.8)
    #expect(try intervals.map(\.prediction) == predictor.predict(test.graphs))
    #expect(intervals.allSatisfy { $0.lower < $0.prediction && $0.prediction < $0.upper })
    let wider = try predictor.evaluateIntervals(on: test, coverage: 0.95)
    #expect(try wider.meanRelativeWidth > predictor.evaluateIntervals(on: test, coverage: 0.5).meanRelativeWidth)
  }

  @Test func foldsCutWhatIsLearnedFrom() throws {
    let split = try Split(training: [10, 11, 12, 13, 14], validation: [20, 21], test: [30])
    let folds = try split.folds(3, seed: 1)
    #expect(folds.map(\.validation.count) == [2, 2, 3])
    #expect(Set(folds.flatMap(\.validation)) == [10, 11, 12, 13, 14, 20, 21])
    for fold in folds {
      #expect(Set(fold.training).union(fold.validation) == [10, 11, 12, 13, 14, 20, 21])
      #expect(fold.test == [30])
    }
    #expect(try split.folds(3, seed: 1) == folds)
    #expect(try split.folds(3, seed: 2) != folds)
  }

  @Test func fewSamplesMakeFewFolds() throws {
    let run = try trainEnsemble(
      [Self.kinds[0]], on: data, split: Split(training: [0, 100, 200], validation: [], test: []),
      options: TrainingOptions(epochs: 1))
    #expect(run.parts.map(\.label) == ["member 1.1", "member 1.2", "member 1.3"])
    #expect(run.weights == [1])
    #expect(
      try message { _ = try trainEnsemble(on: data, split: Split(training: [0], validation: [], test: [])) }
        == "an ensemble needs at least 2 samples, not 1\n  Enlarge the training part.")
  }

  @Test func withoutCalibrationThereAreNoIntervals() throws {
    let members = try EnsemblePredictor(members: run.predictor.members)
    #expect(
      try message { _ = try members.predictIntervals(data.graphs) } == """
        the predictor has no calibration, so it can't give intervals
          Train it with Calibrated or trainEnsemble, or use calibrated(on:) with samples it was not trained on.
        """)
    let calibrated = try members.calibrated(on: data[split.test])
    #expect(try calibrated.calibration == ConformalCalibration(of: members, on: data[split.test]))
    #expect(calibrated.weights == members.weights)
  }

  @Test func savedAndReadAgain() throws {
    let files = try TemporaryFiles([:])
    try run.predictor.save(to: files.path("e.safetensors"))
    let read = try EnsemblePredictor(contentsOf: files.path("e.safetensors"))
    #expect(read == (try run.predictor))
    #expect(try read.safetensors() == run.predictor.safetensors())
    #expect(
      try message { _ = try GCNPredictor(safetensors: run.predictor.safetensors(), at: place) }
        == """
        some.safetensors: the file holds a predictor of the family "ensemble", not "gcn"
          Open it with openPredictor, which reads any family.
        """)
  }

  @Test func damagedFilesAreErrors() throws {
    let whole = try run.predictor.safetensors()
    for length in Array(stride(from: 0, to: whole.count, by: 997)) + [whole.count - 1] {
      #expect(throws: InputError.self) { _ = try EnsemblePredictor(safetensors: whole.prefix(length), at: place) }
    }
    let single = try run.predictor.members[0].safetensors()
    #expect(
      try message { _ = try EnsemblePredictor(safetensors: single, at: place) } == """
        some.safetensors: the file holds a predictor of the family "residual", not "ensemble"
          Open it with openPredictor, which reads any family.
        """)
    var changed = try SafeTensors(whole, at: place)
    changed.metadata["members"] = "7"
    #expect(
      try message { _ = try EnsemblePredictor(safetensors: changed.encoded(), at: place) }
        == "some.safetensors: the file has no tensor \"weights\" of shape [7]\n  Save the predictor again.")
    for (bad, cause) in [
      ("0", "the number of members, 0, is out of range"), ("many", "the metadata's \"members\" can't be read"),
    ] {
      changed.metadata["members"] = bad
      #expect(
        try message { _ = try EnsemblePredictor(safetensors: changed.encoded(), at: place) }
          == "some.safetensors: \(cause)\n  Save the predictor again.")
    }
    changed = try SafeTensors(whole, at: place)
    changed.metadata["members.5.rest.family"] = "gnc"
    #expect(
      try message { _ = try EnsemblePredictor(safetensors: changed.encoded(), at: place) }.hasPrefix(
        """
        some.safetensors: this version of Labbook has no predictor family "gnc"
          Did you mean "gcn"? The families of predictors it has are "gcn", "linear"
        """))
    changed.metadata["members.5.rest.family"] = nil
    #expect(
      try message { _ = try EnsemblePredictor(safetensors: changed.encoded(), at: place) }
        == "some.safetensors: the part \"rest\" is missing\n  Save the predictor again.")
  }

  @Test func foldsBySizeAreRanges() throws {
    let folds = try split.folds(5, bySizeIn: data)
    let work = try folds.map { try data[$0.validation].graphs.map { $0.totalFloatingPointOperations() } }
    #expect(folds.map(\.validation.count) == Array(repeating: 14, count: 5))
    for (smaller, larger) in zip(work, work.dropFirst()) {
      #expect((smaller.max() ?? .infinity) <= (larger.min() ?? 0))
    }
    #expect(try Set(folds.flatMap(\.validation)) == Set(split.training + split.validation))
  }

  @Test func networksWithoutSizesHaveNoOrder() throws {
    let graphs = try (1...10).map { try chain("\($0)", Array(repeating: Node(.relu), count: $0)) }
    let data = try Dataset(device: "d", graphs: graphs, latencies: (1...10).map(Double.init))
    #expect(
      try message {
        _ = try Ensemble([LinearRegression()], order: .size).fit(
          to: data, split: Split(training: Array(0..<10), validation: [], test: []))
      } == """
        the networks can't be ordered by size, because all have the same FLOPs
          Give their nodes sizes, or use order: .random.
        """)
  }

  /// On networks that are smaller than all known ones, trees and neighbours predict the smallest known latency.
  @Test func foldsBySizeWeighExtrapolation() throws {
    let data = try PrunedResNet.load("epyc-ort-1t")
    let split = try data.split(.sequential(seed: 0))
    let recipes: [any Recipe] = [
      LookupTable(key: .shape, penalty: 1e-2), LinearRegression(), NearestNeighbors(k: 5),
    ]
    let random = try Ensemble(recipes, seed: 0).fit(to: data, split: split, label: "random")
    let bySize = try Ensemble(recipes, order: .size, seed: 0).fit(to: data, split: split, label: "by size")
    #expect(bySize.weights[2] < random.weights[2] + 1e-9)
    #expect(bySize.predictor.members.count == 3 && bySize.parts.count == 18)
    #expect(bySize.parts[5].label == "by size 1.6")
    let all = try Split(training: split.training + split.validation, validation: [], test: [])
    #expect(
      try bySize.predictor.members[1] == AnyPredictor(LinearRegression().fit(to: data, split: all).predictor))
    #expect(bySize.leftOut?.ids.count == 450)
    let test = data[split.test]
    let share = try bySize.predictor.evaluate(on: test).share(within: 0.1)
    let linear = try LinearRegression().fit(to: data, split: split).predictor.evaluate(on: test).share(within: 0.1)
    #expect(share > linear)
    #expect(try bySize.predictor.evaluateIntervals(on: test).coverage > 0.8)
    #expect(try handedOn(bySize) == bySize)
  }

  @Test func whatMakesNoEnsemble() throws {
    let members = try run.predictor.members
    let residual = try #require(members[1].as(ResidualPredictor.self))
    let other = AnyPredictor(
      ResidualPredictor(
        baseline: residual.baseline, floor: residual.floor,
        rest: AnyPredictor(
          ResidualPredictor(baseline: nil, floor: 0, rest: residual.rest, unit: "s")), unit: "s"))
    #expect(
      try message { _ = try EnsemblePredictor(members: [AnyPredictor]()) }
        == "an ensemble needs at least one member\n  Train it with Ensemble or trainEnsemble.")
    #expect(
      try message { _ = try EnsemblePredictor(members: [members[0], other]) } == """
        member 2 of the ensemble predicts s on epyc-ort-1t, the first ms on epyc-ort-1t
          Train all members for the same device, as Ensemble and trainEnsemble do.
        """)
    for weights in [[1], [1, -1], [0, 0], [1, .nan], [1, .infinity]] {
      #expect(
        try message { _ = try EnsemblePredictor(members: Array(members[..<2]), weights: weights) } == """
          an ensemble of 2 members can't use the weights \(weights)
            Give a weight for each member, none below 0 and at least one above 0.
          """)
    }
    #expect(
      try message { _ = try trainEnsemble([], on: data, split: split) }
        == "an ensemble needs at least one recipe\n  Write Ensemble([LinearRegression()]).")
    #expect(
      try message { _ = try trainEnsemble(folds: 1, on: data, split: split) }
        == "an ensemble needs at least 2 folds, not 1\n  5 folds are usual.")
    #expect(
      try message {
        _ = try trainEnsemble(on: data, split: split, options: TrainingOptions(epochs: 0))
      } == "training can't take 0 epochs\n  Use at least one.")
  }

  @Test(arguments: [(90, 600), (900, 200), (450, 400), (1_000_000, 100), (0, 600)])
  func recommendedEpochs(_ samples: Int, _ epochs: Int) {
    #expect(TrainingOptions.recommended(for: samples).epochs == epochs)
  }

  /// A network with an operation that no other has is learned from and never left out.
  @Test func aRareOperationIsLearned() throws {
    let graphs = try (1...12).map { number in
      try chain("\(number)", Array(repeating: Node(.relu), count: number) + (number == 5 ? [Node("silu")] : []))
    }
    let data = try Dataset(device: "d", graphs: graphs, latencies: graphs.map { Double($0.nodes.count) })
    let split = try Split(training: Array(0..<12), validation: [], test: [])
    let fit = try Ensemble([LinearRegression()], folds: 4, seed: 1).fit(to: data, split: split)
    #expect(fit.leftOut.map { Set($0.ids) } == Set(graphs.map(\.id)).subtracting(["5"]))
    #expect(try fit.predictor.predict([graphs[4]])[0] > 0)
    let two = try Dataset(
      device: "d", graphs: [chain("a", [Node(.relu)]), chain("b", [Node("silu")])], latencies: [1, 2])
    #expect(
      try message {
        _ = try Ensemble([LinearRegression()]).fit(
          to: two, split: Split(training: [0, 1], validation: [], test: []))
      }
        == "no network can be left out: each has an operation that no other has\n  Enlarge the training part, "
        + "or use one of the recipes alone.")
  }
}
