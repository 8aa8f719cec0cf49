import Foundation
import Testing

@testable import Core

/// What all recipes that learn from source devices first have to fulfil.
@Suite struct TransferRecipeTests {
  private static let options = TrainingOptions.graphNetwork(epochs: 20, batchSize: 32, loss: .squared, seed: 1)
  private static let short = TrainingOptions.graphNetwork(epochs: 10, loss: .squared, seed: 1)

  static let recipes: [any TransferRecipe] = [
    HELP(references: 5, layers: 2, units: 16, episodes: 200, devices: 2, queries: 24, learningRate: 3e-3, seed: 1),
    MultiPredict(layers: 2, units: 16, hiddenUnits: 16, options: options, adaptation: short),
    NASFLAT(layers: 2, units: 16, options: options, adaptation: short),
    AdaProxy(),
    MAPLE(hiddenUnits: [32, 16], references: 5, options: options, adaptation: short),
    CDP(layers: 2, units: 16, vector: 16, options: options),
  ]

  private static let tiny = TrainingOptions.graphNetwork(epochs: 2, batchSize: 32, loss: .squared, seed: 1)

  /// A recipe of each family that learns from source devices, with as little training as possible.
  static let small: [any TransferRecipe] = [
    HELP(references: 3, layers: 1, units: 4, episodes: 2, devices: 2, queries: 4, seed: 1),
    MultiPredict(layers: 1, units: 4, hiddenUnits: 4, options: tiny, adaptation: tiny),
    NASFLAT(layers: 1, units: 4, options: tiny, adaptation: tiny),
    AdaProxy(),
    MAPLE(hiddenUnits: [4], references: 3, options: tiny, adaptation: tiny),
    CDP(labels: 64, layers: 1, units: 4, vector: 4, options: tiny),
    NearestDevice(),
    AdditiveTransfer(seed: 1),
    FewShotTransfer(networksPerDevice: 20, seed: 1),
  ]

  /// Cells whose operations have a different price on each device. A cell's name ends in its most expensive
  /// operation.
  private static let graphs = Result {
    var random = SeededGenerator(seed: 3)
    return try (0..<80).map { number in
      let operations = (0..<6).map { _ in NASBench201.operations[Int.random(in: 0..<5, using: &random)] }
      return try NASBench201.Cell(operations: operations).graph(id: "\(number)", .unpruned)
    }
  }

  private func latencies(_ prices: [Double]) throws -> [Double] {
    try Self.graphs.get().map { graph in
      let price = Dictionary(uniqueKeysWithValues: zip(NASBench201.operations, prices))
      return graph.nodes.reduce(2) { $0 + (price[$1.operation] ?? 0) }
    }
  }

  var sources: LatencyData {
    get throws {
      let prices: [[Double]] = [[0, 0.1, 1, 3, 0.5], [0, 0.2, 2, 4, 2], [0, 0.1, 3, 1, 0.5]]
      return try LatencyData(
        graphs: Self.graphs.get(), devices: ["wide", "pooling", "odd"],
        measurements: prices.map { try latencies($0).map { Measurement($0) } })
    }
  }

  func target(_ factor: Double = 5) throws -> Dataset {
    try Dataset(
      device: "new", graphs: Self.graphs.get(), latencies: latencies([0, 0.1, 1.1, 2.9, 0.6]).map { $0 * factor })
  }

  /// A split with few samples to learn from, among which are those that the recipe requires.
  func few(_ recipe: any TransferRecipe, _ data: Dataset) throws -> Split {
    let references = Set(recipe.requiredIDs)
    let places = data.samples.indices.filter { references.contains(data.samples[$0].graph.id) }
    let others = data.samples.indices.filter { !places.contains($0) }
    let count = recipe is CDP ? 40 : 12
    return try Split(
      training: places + others.prefix(count - places.count), validation: [], test: Array(others.dropFirst(count)))
  }

  @Test(arguments: recipes.indices) func carriesOver(_ index: Int) throws {
    func check<Method: TransferRecipe>(_ recipe: Method) throws {
      // Transfer without labels takes one source device only.
      let sources = try recipe is CDP ? sources.selecting(["wide"]) : sources
      let known = try recipe.pretrain(on: sources)
      #expect(try handedOn(known) == known)
      #expect(try handedOn(AnyRecipe(known)) == AnyRecipe(known))
      #expect(try recipe.pretrain(on: sources) == known, "the same bits again")
      let data = try target()
      let split = try few(known, data)
      let fit = try known.fit(to: data, split: split)
      #expect(fit.predictor.device == "new" && fit.predictor.unit == "ms")
      let evaluation = try fit.predictor.evaluate(on: data[split.test])
      // A few epochs are not enough for CDP, whose correlation is about 0.36 here; without training it is about 0.
      let least = recipe is CDP ? 0.3 : 0.8
      #expect(RankCorrelation.spearmanRho(evaluation.measured, evaluation.predicted) > least)
      #expect(evaluation.share(within: 0.5) > 0.7)
      let opened = try AnyPredictor(safetensors: fit.predictor.safetensors(), at: Place(file: "p"))
      #expect(opened == AnyPredictor(fit.predictor))
      #expect(try opened.predict(data.graphs) == fit.predictor.predict(data.graphs))
      #expect(try handedOn(fit) == fit)
    }
    try check(Self.recipes[index])
  }

  /// Predictions are finite with one sample, equal latencies, and ties.
  @Test(arguments: recipes.indices) func littleToLearnFrom(_ index: Int) throws {
    func check<Method: TransferRecipe>(_ recipe: Method) throws {
      let known = try recipe.pretrain(on: sources)
      let whole = try target()
      var split = try few(known, whole)
      if (known as? HELP) == nil { split = try Split(training: [7], validation: [], test: []) }
      for latencies in [whole.latencies.map { _ in 3.0 }, whole.latencies.indices.map { 1 + Double($0 % 2) }] {
        let data = try Dataset(device: "new", graphs: whole.graphs, latencies: latencies)
        let predictions = try known.fit(to: data, split: split).predictor.predict(data.graphs)
        #expect(predictions.allSatisfy { $0 > 0 && $0.isFinite })
      }
    }
    try check(Self.recipes[index])
  }

  @Test(arguments: recipes.indices) func whatCanNotBeUsed(_ index: Int) throws {
    func check<Method: TransferRecipe>(_ recipe: Method) throws {
      let data = try target()
      let split = try Split(training: Array(0..<12), validation: [], test: [])
      #expect(
        try message { _ = try recipe.fit(to: data, split: split) }.contains(
          "Call pretrain(on:) with data of several devices first."))
      #expect(try message { _ = try recipe.pretrain(on: sources.selecting([])) }.contains("Give "))
      let known = try recipe.pretrain(on: sources)
      let unknown = try Dataset(
        device: "new", graphs: data.graphs.prefix(20) + [chain("z", Array(repeating: Node("silu"), count: 8))],
        latencies: Array(repeating: 1, count: 21))
      let parts = try few(known, data)
      let predictor = try known.fit(to: data, split: parts).predictor
      #expect(try message { _ = try predictor.predict(unknown.graphs) }.contains("silu"))
      // The unit doesn't matter to CDP, because latencies of the target set the scale.
      if known is CDP { return }
      var seconds = data
      seconds.unit = "s"
      #expect(
        try message { _ = try known.fit(to: seconds, split: parts) } == """
          the source devices' latencies are in ms, those of "new" in s
            Load both in the same unit.
          """)
    }
    try check(Self.recipes[index])
  }

  @Test(arguments: small.indices) func aDeviceWithoutMeasurementsIsNamed(_ index: Int) throws {
    func check(_ recipe: some TransferRecipe) throws {
      let whole = try sources
      let measured = try whole.devices.map { try whole.measurements(on: $0.name) }
      let none = [Core.Measurement?](repeating: nil, count: whole.graphs.count)
      let more = try LatencyData(
        graphs: whole.graphs, devices: whole.devices + ["bare"], measurements: measured + [none])
      #expect(
        try message { _ = try recipe.pretrain(on: more) } == """
          the device "bare" has no measurements
            Leave the device out, or measure networks on it.
          """)
    }
    try check(Self.small[index])
  }

  /// On a linear scale the least latency is 0, which has no logarithm.
  @Test(arguments: small.indices) func latenciesAreNotScaled(_ index: Int) throws {
    func check(_ recipe: some TransferRecipe) throws {
      let whole = try sources
      let known = try recipe.pretrain(
        on: LatencyData(
          unit: "", graphs: whole.graphs, devices: whole.devices,
          measurements: whole.devices.map { try whole.measurements(on: $0.name) }))
      let data = try target()
      let split = try few(known, data)
      #expect(
        try message { _ = try ScaledTargets(.linear, known).fit(to: data, split: split) }.contains(
          " latencies above 0, but \""))
    }
    try check(Self.small[index])
  }

  /// Every member learns from the networks that the recipe requires, and from half of the others.
  @Test(arguments: small.indices) func isAMemberOfAnEnsemble(_ index: Int) throws {
    func check(_ recipe: some TransferRecipe) throws {
      let known = try recipe.pretrain(on: sources)
      let data = try target()
      let split = try few(known, data)
      let fit = try Ensemble([known], folds: 2, seed: 1).fit(to: data, split: split)
      #expect(fit.predictor.members.count == 2 && fit.predictor.device == "new")
      let leftOut = Set(fit.leftOut?.ids ?? [])
      #expect(leftOut == Set(data[split.training].graphs.map(\.id)).subtracting(known.requiredIDs))
      #expect(try fit.predictor.predict(data.graphs).allSatisfy { $0.isFinite && $0 > 0 })
      let opened = try AnyPredictor(safetensors: fit.predictor.safetensors(), at: Place(file: "p"))
      #expect(opened == AnyPredictor(fit.predictor))
    }
    try check(Self.small[index])
  }

  /// Whatever wraps a recipe requires what it requires, and a mixed ensemble what any of its recipes does.
  @Test func requiredNetworksArePassedOn() throws {
    let help = try HELP(references: 3, layers: 1, units: 4, episodes: 2, devices: 2, queries: 4, seed: 1)
      .pretrain(on: sources)
    let ids = help.referenceIDs
    #expect(help.requiredIDs == ids && ids.count == 3)
    #expect(AnyRecipe(help).requiredIDs == ids && Calibrated(help).requiredIDs == ids)
    #expect(ScaledTargets(.linear, help).requiredIDs == ids)
    #expect(Residual(over: help, of: LinearRegression()).requiredIDs == ids)
    #expect(Ensemble([LinearRegression(), help]).requiredIDs == ids && LinearRegression().requiredIDs.isEmpty)
    let data = try target()
    let isReference = data.graphs.map { ids.contains($0.id) }
    let references = data.samples.indices.filter { isReference[$0] }
    let others = data.samples.indices.filter { !isReference[$0] }
    // With so many samples the baseline's accuracy is estimated, in folds of its own.
    let recipes: [any Recipe] = [LinearRegression(), Residual(over: help, of: LinearRegression(), when: .accurate)]
    let fit = try Ensemble(recipes, folds: 2, seed: 1).fit(
      to: data, split: Split(training: references + others.prefix(37), validation: [], test: []))
    #expect(fit.leftOut.map { Set($0.ids).isDisjoint(with: ids) } == true)
    #expect(
      try message {
        _ = try Ensemble([help], folds: 2).fit(
          to: data, split: Split(training: references, validation: [], test: []))
      } == """
        no network can be left out: each has an operation that no other has, or a recipe requires it
          Enlarge the training part, or use one of the recipes alone.
        """)
  }

  /// One sample and equal latencies have no order, so the first device is as good as any.
  @Test(arguments: [1, 2]) func theFirstDeviceIsTakenWithAWarning(_ index: Int) throws {
    func check(_ recipe: some TransferRecipe) throws {
      let known = try recipe.pretrain(on: sources)
      let data = try target()
      let equal = try Dataset(device: "new", graphs: data.graphs, latencies: data.latencies.map { _ in 3.0 })
      let warning = """
        the order of the samples of "new" doesn't tell which known device is the most similar, because there is only \
        one sample, all are equal, or all are predicted alike: training began with the first one, "wide"
        """
      let cases: [(Dataset, Int, [String])] = [(data, 1, [warning]), (equal, 5, [warning]), (data, 12, [])]
      for (some, count, warnings) in cases {
        let predictor = try known.fit(
          to: some, split: Split(training: Array(0..<count), validation: [], test: [])
        ).predictor
        let opened = try AnyPredictor(safetensors: predictor.safetensors(), at: Place(file: "p"))
        #expect(opened == AnyPredictor(predictor))
        #expect(opened.warnings == warnings && predictor.warnings == warnings)
      }
    }
    try check(Self.recipes[index])
  }

  @Test func helpNamesWhatHasToBeMeasured() throws {
    let known = try HELP(references: 4, layers: 1, units: 4, episodes: 2, devices: 2, queries: 4, seed: 1).pretrain(
      on: sources)
    #expect(known.referenceIDs.count == 4)
    let data = try target()
    let others = data.samples.indices.filter { !known.referenceIDs.contains(data.samples[$0].graph.id) }
    #expect(
      try message {
        _ = try known.fit(to: data, split: Split(training: Array(others.prefix(3)), validation: [], test: []))
      }
        == """
        the reference network "\(known.referenceIDs[0])" of HELP is not in the training part of "new"
          Measure all 4 networks of referenceIDs, and put them into the training part.
        """)
    #expect(
      try message { _ = try HELP(references: 79).pretrain(on: sources) } == """
        the devices have 80 networks in common, too few for 79 reference networks
          Measure more networks on all devices, or use fewer references.
        """)
    #expect(
      try message { _ = try HELP().pretrain(on: sources.selecting(["odd"])) } == """
        HELP needs at least two devices, but the data has 1
          Give at least two devices; for one device, use NearestDevice.
        """)
    let alone = try LatencyData(
      graphs: Self.graphs.get().prefix(2).map { $0 }, devices: ["a", "b"],
      measurements: [[Measurement(1), nil], [nil, Measurement(1)]])
    #expect(try message { _ = try HELP().pretrain(on: alone) }.hasPrefix("no network was measured on all of"))
    #expect(
      try message { _ = try HELP(referenceIDs: ["a", "a"]).pretrain(on: sources) }
        == "a reference network is named twice\n  Give each id once.")
    #expect(
      try message { _ = try HELP(referenceIDs: ["a", "b"]).pretrain(on: sources) }
        == "the data set has no architecture \"a\"")
  }

  /// On a device that takes 3 times the latency of "pooling", nothing is left for the correction.
  @Test func adaProxyFindsDeviceAndFactor() throws {
    let known = try AdaProxy().pretrain(on: sources)
    let data = try Dataset(
      device: "new", graphs: Self.graphs.get(), latencies: latencies([0, 0.2, 2, 4, 2]).map { $0 * 3 })
    let fit = try known.fit(to: data, split: Split(training: [0, 5, 9, 20], validation: [], test: []))
    #expect(fit.predictor.source == "pooling")
    #expect(abs(fit.predictor.factor - 3) < 1e-3)
    for (predicted, measured) in try zip(fit.predictor.predict(data.graphs), data.latencies) {
      #expect(abs(predicted / measured - 1) < 5e-3)
    }
    let longer = try chain("longer", Array(repeating: Node(.input), count: 9))
    #expect(
      try message { _ = try fit.predictor.predict([longer]) }.hasPrefix(
        "\"longer\" has 9 nodes, but all known networks have 8"))
    #expect(
      try message { _ = try AdaProxy(penalty: 0).pretrain(on: sources) }
        == "the penalty is 0.0\n  It must be a positive number, such as 0.03.")
  }

  /// Networks that differ in their sizes alone.
  @Test func adaProxySeesSizes() throws {
    let graphs = try (1...20).map { width in
      try chain(
        "\(width)",
        [
          Node(.input),
          Node(
            .convolution, kernel: 3, stride: 1, inputChannels: 8, outputChannels: 4 * width, height: 8, width: 8),
        ])
    }
    let latencies = (1...20).map { 1 + 0.5 * Double($0) }
    let sources = try LatencyData(
      graphs: graphs, devices: ["known"], measurements: [latencies.map { Measurement($0) }])
    let target = try Dataset(device: "new", graphs: graphs, latencies: latencies.map { 3 * $0 })
    let fit = try AdaProxy().pretrain(on: sources).fit(
      to: target, split: Split(training: [2, 9, 16], validation: [], test: []))
    #expect(try fit.predictor.evaluate(on: target).maxGap < 0.3)
  }

  /// The spread of few samples says little, so that of the known devices counts too: 1 to 3 samples give no constant,
  /// even by networks that were trained for a few epochs only.
  @Test(arguments: [1, 2, 4], 1...3) func fewSamplesKeepTheSpread(_ index: Int, _ count: Int) throws {
    func deviation(_ latencies: [Double]) -> Double { LogarithmScale(latencies.map { log($0) }).factor }
    func check<Method: TransferRecipe>(_ recipe: Method) throws {
      let data = try target()
      let fit = try recipe.pretrain(on: sources).fit(
        to: data, split: Split(training: Array(0..<count), validation: [], test: []))
      #expect(try deviation(fit.predictor.predict(data.graphs)) > 0.1 * deviation(data.latencies))
    }
    try check(Self.recipes[index])
  }

  @Test func settingsOutOfRangeAreErrors() throws {
    #expect(
      try message { _ = try CDP(weight: -1).pretrain(on: sources) }
        == "the weight -1.0 of the discrepancy is not a number of 0 or more\n  Use 0 for no adaptation; 1 is usual.")
    #expect(
      try message { _ = try NASFLAT(margin: 0).pretrain(on: sources) }
        == "the margin of the scores is 0.0\n  Use a margin above 0; 0.1 is usual.")
    #expect(
      try message { _ = try MultiPredict(units: 0).pretrain(on: sources) }
        == "multi-predict can't have 0 units\n  Use 1 to 65536; 64 is usual.")
    #expect(
      try message { _ = try HELP(steps: -1).pretrain(on: sources) } == "HELP can't have -1 steps\n  Use 0 to 100.")
  }

  /// Without the discrepancy, the choice of target networks has no effect but the rounding of the encoding's means.
  /// With it, the choice has an effect.
  @Test func lambdaZeroIsTheControl() throws {
    let data = try target()
    let split = try few(CDP(), data)
    let other = try Split(
      training: split.training.prefix(10) + split.training.dropFirst(10).reversed(), validation: [], test: [])
    func predictions(_ weight: Double, _ split: Split) throws -> [Double] {
      let known = try CDP(weight: weight, layers: 1, units: 8, vector: 8, options: Self.short).pretrain(on: sources)
      return try known.fit(to: data, split: split).predictor.predict(data.graphs)
    }
    func distance(_ first: [Double], _ second: [Double]) -> Double {
      zip(first, second).reduce(0) { max($0, abs($1.0 / $1.1 - 1)) }
    }
    let control = try predictions(0, split)
    #expect(try distance(control, predictions(0, other)) < 1e-3)
    #expect(try distance(control, predictions(1, split)) > 1e-3)
  }
}
