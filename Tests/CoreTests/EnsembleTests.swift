import Foundation
import Testing

@testable import Core

@Suite struct EnsembleTests {
  private static let data = Result { try PrunedResNet.load("epyc-ort-1t") }
  private static let split = Result {
    try Split(training: Array(stride(from: 0, to: 400, by: 8)), validation: Array(401..<421), test: Array(421..<600))
  }
  private static let options = TrainingOptions(
    epochs: 8, batchSize: 16, learningRate: 5e-3, loss: .relativeHuber(), baseline: .linear, weights: .lastEpoch,
    seed: 5)

  private static let run = Result {
    try trainEnsemble(
      members: 3, GCN.Configuration(layers: 2, hiddenUnits: 8), on: data.get(), split: split.get(),
      rotatesValidation: true,
      options: options,
      label: "three")
  }

  private var data: Dataset { get throws { try Self.data.get() } }
  private var split: Split { get throws { try Self.split.get() } }
  private var run: EnsembleRun { get throws { try Self.run.get() } }
  private let place = Place(file: "some.safetensors")

  @Test func membersAreTheRunsOfTheirSeeds() throws {
    let run = try run
    #expect(run.runs.map(\.label) == ["three 1", "three 2", "three 3"])
    #expect(run.runs.map(\.options.seed) == [5, 6, 7])
    var options = Self.options
    options.seed = 6
    let alone = try train(
      GCN.Configuration(layers: 2, hiddenUnits: 8), on: data, split: split.rotated(1),
      encoding: run.runs[0].predictor.encoding,
      options: options, label: "three 2")
    #expect(alone == run.runs[1])
    #expect(run.predictor.members == run.runs.map(\.predictor))
    #expect(run.runs[0].predictor.encoding.context == NodeContext.allCases)
    #expect(run.seconds > 0)
    #expect(try handedOn(run) == run)
  }

  @Test func predictsTheMean() throws {
    let predictor = try run.predictor
    let graphs = try data[split.test].graphs
    let members = try predictor.members.map { try $0.predict(graphs) }
    for (index, estimate) in try predictor.estimate(graphs).enumerated() {
      let values = members.map { $0[index] }
      let mean = values.reduce(0, +) / 3
      let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 3).squareRoot()
      #expect(abs(estimate.latency - mean) < 1e-9 * mean)
      #expect(abs(estimate.spread - deviation / mean) < 1e-9)
    }
    #expect(try predictor.predict(graphs) == predictor.estimate(graphs).map(\.latency))
  }

  @Test func threadsDecideOnNoBit() throws {
    let again = try Parallelism.$share.withValue(1) {
      try trainEnsemble(
        members: 3, GCN.Configuration(layers: 2, hiddenUnits: 8), on: data, split: split, rotatesValidation: true,
        options: Self.options, label: "three")
    }
    #expect(try again == run)
  }

  /// The baseline alone would do as well on the training part; that it is multiplied in shows in the size of predictions.
  @Test func baselineTakesPart() throws {
    let predictor = try run.predictor
    let baseline = try #require(predictor.members[0].baseline)
    let test = try data[split.test]
    #expect(try baseline == PositiveBaseline(fitting: data[split.training]))
    #expect(try predictor.members[1].baseline == PositiveBaseline(fitting: data[split.rotated(1).training]))
    let ratios = try zip(predictor.predict(test.graphs), baseline.predict(test.graphs)).map(/)
    #expect(ratios.allSatisfy { $0 > 0.7 && $0 < 1.4 })
    #expect(try predictor.evaluate(on: test).share(within: 0.1) > 0.5)
  }

  @Test func baselineStaysAboveZero() throws {
    // Latencies fall with the number of nodes, so that the line reaches 0 soon.
    let line = try Dataset(
      device: "d", graphs: (1...8).map { try chain("\($0)", Array(repeating: Node(.relu), count: $0)) },
      latencies: (1...8).map { 9 - Double($0) })
    let baseline = try PositiveBaseline(fitting: line)
    let long = try chain("long", Array(repeating: Node(.relu), count: 40))
    #expect(try baseline.linear.predict([long])[0] < 0)
    #expect(try baseline.predict([long]) == [0.1])
  }

  @Test func automaticBaselineIsThereWhereItIsAccurate() throws {
    let training = try data[split.training]
    let automatic = TrainingOptions.Baseline.automatic
    #expect(try automatic.fitted(to: training) == PositiveBaseline(fitting: training))
    #expect(try TrainingOptions.Baseline.none.fitted(to: training) == nil)
    // Which latency belongs to which network is anyone's guess.
    let mixed = try Dataset(
      device: "d", graphs: training.graphs,
      latencies: training.latencies.indices.map { $0 % 2 == 0 ? 1 : 3 })
    #expect(try automatic.fitted(to: mixed) == nil)
    #expect(try TrainingOptions.Baseline.linear.fitted(to: mixed) != nil)
    #expect(try automatic.fitted(to: training[Array(0..<9)]) == nil)
  }

  @Test func intervalsAreCalibratedOnWhatMembersLeftOut() throws {
    let predictor = try run.predictor
    #expect(predictor.calibration?.scores.count == 60)
    let errors = try (0..<3).flatMap { member -> [Double] in
      let part = try data[split.rotated(member).validation]
      return try zip(predictor.members[member].predict(part.graphs), part.latencies).map { abs(log($1 / $0)) }
    }
    #expect(abs((predictor.calibration?.typicalError ?? 0) - errors.sorted()[30]) < 1e-12)
    let test = try data[split.test]
    let intervals = try predictor.predictIntervals(test.graphs, coverage: 0.8)
    #expect(try intervals.map(\.prediction) == predictor.predict(test.graphs))
    #expect(intervals.allSatisfy { $0.lower < $0.prediction && $0.prediction < $0.upper })
    let wider = try predictor.evaluateIntervals(on: test, coverage: 0.95)
    #expect(try wider.meanRelativeWidth > predictor.evaluateIntervals(on: test, coverage: 0.5).meanRelativeWidth)
  }

  @Test func membersMayLeaveOutTheSame() throws {
    let predictor = try trainEnsemble(
      members: 2, GCN.Configuration(layers: 1, hiddenUnits: 4), on: data, split: split, options: Self.options
    ).predictor
    #expect(predictor.members[0].scale == predictor.members[1].scale)
    #expect(try predictor.calibration == ConformalCalibration(of: predictor, on: data[split.validation]))
    #expect(try predictor == EnsemblePredictor(members: predictor.members).calibrated(on: data[split.validation]))
  }

  @Test func splitsRotate() throws {
    let split = try Split(training: [10, 11, 12, 13, 14], validation: [20, 21], test: [30])
    let rotated = try (0..<4).map { try split.rotated($0) }
    #expect(rotated[0] == split)
    #expect(rotated.map(\.validation) == [[20, 21], [13, 14], [11, 12], [10, 21]])
    for rotated in rotated {
      #expect(Set(rotated.training + rotated.validation) == [10, 11, 12, 13, 14, 20, 21])
      #expect(rotated.test == [30])
    }
    let whole = try Split(training: [1, 2], validation: [], test: [])
    #expect(try whole.rotated(3) == whole)
  }

  @Test func withoutValidationThereAreNoIntervals() throws {
    let run = try trainEnsemble(
      members: 1, GCN.Configuration(layers: 1, hiddenUnits: 4), on: data,
      split: Split(training: [0, 100, 200], validation: [], test: []), options: TrainingOptions(epochs: 1))
    #expect(run.predictor.calibration == nil)
    #expect(
      try message { _ = try run.predictor.predictIntervals(data.graphs) } == """
        the ensemble has no calibration, so it can't give intervals
          Train it with a validation part, or use calibrated(on:) with samples it was not trained on.
        """)
    #expect(try run.predictor.calibrated(on: data[split.validation]).calibration != nil)
  }

  @Test func savedAndReadAgain() throws {
    let files = try TemporaryFiles([:])
    try run.predictor.save(to: files.path("e.safetensors"))
    let read = try EnsemblePredictor(contentsOf: files.path("e.safetensors"))
    #expect(read == (try run.predictor))
    #expect(try read.safetensors() == run.predictor.safetensors())
    #expect(
      try message { _ = try GCNPredictor(safetensors: run.predictor.safetensors(), at: place) }
        .contains("this safetensors file holds no predictor of Labbook"))
  }

  @Test func damagedFilesAreErrors() throws {
    let whole = try run.predictor.safetensors()
    for length in Array(stride(from: 0, to: whole.count, by: 997)) + [whole.count - 1] {
      #expect(throws: InputError.self) { _ = try EnsemblePredictor(safetensors: whole.prefix(length), at: place) }
    }
    let single = try run.runs[0].predictor.safetensors()
    #expect(
      try message { _ = try EnsemblePredictor(safetensors: single, at: place) } == """
        some.safetensors: this safetensors file holds no ensemble of Labbook
          Its metadata would say "format": "labbook-gcn-ensemble-1".
        """)
    var more = try SafeTensors(whole, at: place)
    more.metadata["members"] = "4"
    #expect(
      try message { _ = try EnsemblePredictor(safetensors: more.encoded(), at: place) }
        == "some.safetensors: the metadata's \"members.3.scale\" can't be read\n  Save the predictor again.")
    more.metadata["members.3.scale"] = more.metadata["members.2.scale"]
    #expect(
      try message { _ = try EnsemblePredictor(safetensors: more.encoded(), at: place) }.contains(
        "there is no tensor \"members.3.layers.0.weight\" of shape"))
    for bad in ["0", "-1", "many", nil] {
      more.metadata["members"] = bad
      #expect(
        try message { _ = try EnsemblePredictor(safetensors: more.encoded(), at: place) }
          == "some.safetensors: the metadata's \"members\" can't be read\n  Save the predictor again.")
    }
  }

  @Test func whatMakesNoEnsemble() throws {
    let members = try run.predictor.members
    let other = GCNPredictor(
      network: members[1].network, encoding: members[1].encoding, scale: members[1].scale, unit: "s", device: "d")
    #expect(
      try message { _ = try EnsemblePredictor(members: []) }
        == "an ensemble needs at least one member\n  Train it with trainEnsemble.")
    #expect(
      try message { _ = try EnsemblePredictor(members: [members[0], other]) } == """
        member 2 of the ensemble is of another kind than the first
          Train all members for the same device with the same configuration and encoding, as trainEnsemble does.
        """)
    #expect(
      try message { _ = try trainEnsemble(members: 0, on: data, split: split) }
        == "an ensemble can't have 0 members\n  Use at least 1; 5 is usual.")
    #expect(
      try message {
        _ = try trainEnsemble(on: data, split: split, options: TrainingOptions(epochs: 0))
      } == "training can't take 0 epochs\n  Use at least one.")
  }

  @Test(arguments: [(90, 600), (900, 200), (450, 400), (1_000_000, 100), (0, 600)])
  func recommendedEpochs(_ samples: Int, _ epochs: Int) {
    #expect(TrainingOptions.recommended(for: samples).epochs == epochs)
  }
}
