import Foundation
import Testing

@testable import Core

@Suite struct RecipeTests {
  private static let data = Result { try PrunedResNet.load("epyc-ort-1t") }
  private var data: Dataset { get throws { try Self.data.get() } }
  private var split: Split {
    get throws {
      try Split(
        training: Array(stride(from: 0, to: 600, by: 10)), validation: Array(stride(from: 5, to: 600, by: 30)),
        test: Array(stride(from: 1, to: 600, by: 50)))
    }
  }

  static let network = GCNRecipe(
    GCN.Configuration(layers: 1, hiddenUnits: 4),
    options: TrainingOptions(epochs: 3, batchSize: 16, learningRate: 5e-3, weights: .lastEpoch, seed: 1))

  /// With linear scaling, predictions aren't restricted to numbers above 0.
  private static let linearNetwork: GCNRecipe = {
    var recipe = network
    recipe.options.targetScaling = .linear
    return recipe
  }()

  private static let landmarks = LandmarkSimilarity(
    landmarks: 4, hiddenUnits: [4], options: TrainingOptions(epochs: 3, batchSize: 16, learningRate: 5e-3, seed: 1))

  /// A recipe of each family. A new family is added here.
  static let recipes: [any Recipe] = simple + networks + combined

  private static let simple: [any Recipe] = [
    network, LinearRegression(), CriticalPath(starts: 2), NearestNeighbors(k: 3),
    Perceptron(hiddenUnits: [4], options: TrainingOptions(epochs: 3, batchSize: 16, learningRate: 5e-3, seed: 1)),
    LookupTable(key: .shape, penalty: 1e-3), KernelSum(KernelSumTests.table, seed: 1), landmarks,
    GaussianProcessRegression(restarts: 1, steps: 5),
    RandomForest(trees: 5, seed: 1), BoostedTrees(trees: 20, learningRate: 0.2, seed: 1),
    FOXNAS(), BRPNAS(units: 8, epochs: 30, seed: 1),
  ]

  private static let networks: [any Recipe] =
    GraphNetworkRecipeTests.recipes(epochs: 3).compactMap { recipe -> (any Recipe)? in
      (recipe as? GATES)?.objective == .latency ? nil : recipe
    }

  private static let combined: [any Recipe] = [
    Ensemble([LinearRegression(), network], folds: 2, seed: 3),
    Residual(over: LinearRegression(), of: network), Calibrated(LinearRegression()),
    ScaledTargets(.logarithmic, linearNetwork),
  ]

  @Test func allFamiliesAreTested() {
    // The last ones need source devices: see NearestDeviceTests, FewShotTests and TransferRecipeTests.
    #expect(
      PredictorFamilies.all.map { $0.family } == Self.recipes.map { type(of: $0).family }
        + ["nearest-device", "additive-transfer", "few-shot"] + TransferRecipeTests.recipes.map { type(of: $0).family })
  }

  @Test(arguments: recipes.indices) func isFittedHandedOnSavedAndOpened(_ index: Int) throws {
    let recipe = AnyRecipe(Self.recipes[index])
    #expect(try handedOn(recipe) == recipe)
    let fit = try recipe.fit(to: data, split: split, label: "mine")
    #expect(fit.label == "mine")
    #expect(fit.seconds > 0)
    #expect(try handedOn(fit) == fit)
    let test = try data[split.test]
    let predictor = fit.predictor
    #expect((predictor.unit, predictor.device) == ("ms", "epyc-ort-1t"))
    #expect(try predictor.predict(test.graphs) == predictor.estimate(test.graphs).map(\.latency))
    #expect(try predictor.predict(test.graphs).allSatisfy { $0 > 0.2 && $0 < 20 })
    let opened = try AnyPredictor(safetensors: predictor.safetensors(), at: Place(file: "p"))
    #expect(opened == predictor)
    #expect(try opened.predict(test.graphs) == predictor.predict(test.graphs))
    // Fitting the same recipe again gives the same bits.
    #expect(try recipe.fit(to: data, split: split, label: "mine") == fit)
  }

  @Test(arguments: recipes.indices) func nothingToLearnFromIsAnError(_ index: Int) throws {
    let recipe = AnyRecipe(Self.recipes[index])
    #expect(
      try message { _ = try recipe.fit(to: data, split: Split(training: [], validation: [], test: [1])) } == """
        the training part is empty
          Split the data so that the training part has samples.
        """)
    #expect(
      try message { _ = try recipe.fit(to: data, split: Split(training: [600], validation: [], test: [])) } == """
        the split names sample 600 of 600
          Use a split that was made of this data set.
        """)
  }

  @Test func differentRecipesGoIntoOneSweep() throws {
    let fits = try sweep(over: Self.recipes) { recipe in try recipe.fit(to: data, split: split) }
    #expect(
      fits.map(\.recipe.family) == [
        "gcn", "linear", "critical-path", "nearest-neighbors", "perceptron", "lookup-table", "kernel-sum",
        "landmark-similarity", "gaussian-process", "random-forest", "boosted-trees", "fox-nas", "brp-nas", "nnlqp",
        "gates", "nar-former", "nar-former-v2", "cobra", "ensemble", "residual", "calibrated", "scaled-targets",
      ])
    let typed = try Self.network.fit(to: data, split: split)
    #expect(fits[0].predictor.as(GCNPredictor.self) == typed.predictor)
    #expect(fits[0].curve.count == 3 && fits[1].curve.isEmpty)
  }

  /// A chain of n nodes takes n. The baseline is a line, and the other recipe learns the ratio.
  @Test func residualMultiplies() throws {
    let line = try Dataset(
      device: "d", graphs: (1...30).map { try chain("\($0)", Array(repeating: Node(.relu), count: $0)) },
      latencies: (1...30).map(Double.init))
    let parts = try Split(training: Array(0..<30), validation: [], test: [])
    let fit = try Residual(over: LinearRegression(), of: LinearRegression()).fit(to: line, split: parts)
    #expect(fit.predictor.floor == 0.1)
    #expect(fit.predictor.rest.unit == "")
    let long = try chain("long", Array(repeating: Node(.relu), count: 100))
    #expect(abs(try fit.predictor.predict([long])[0] - 100) < 0.5)
  }

  /// Latencies fall with the number of nodes, so the line soon reaches 0.
  @Test func baselinesStayAboveZero() throws {
    let line = try Dataset(
      device: "d", graphs: (1...8).map { try chain("\($0)", Array(repeating: Node(.relu), count: $0)) },
      latencies: (1...8).map { 9 - Double($0) })
    let parts = try Split(training: Array(0..<8), validation: [], test: [])
    let fit = try Residual(over: LinearRegression(), of: LinearRegression()).fit(to: line, split: parts)
    let long = try chain("long", Array(repeating: Node(.relu), count: 40))
    let baseline = try #require(fit.predictor.baseline)
    #expect(try baseline.predict([long])[0] < 0)
    #expect(try fit.predictor.predict([long])[0] == fit.predictor.rest.predict([long])[0] * 0.1)
  }

  @Test func baselinesAreThereWhereTheyAreAccurate() throws {
    func baseline(_ data: Dataset) throws -> AnyPredictor? {
      try Residual(over: LinearRegression(), of: LinearRegression(), when: .accurate).fit(
        to: data, split: Split(training: Array(0..<data.count), validation: [], test: [])
      ).predictor.baseline
    }
    let training = try data[split.training]
    #expect(try baseline(training) == AnyPredictor(LinearPredictor(fitting: training)))
    // The latencies are assigned to the networks at random.
    let mixed = try Dataset(
      device: "d", graphs: training.graphs, latencies: training.latencies.indices.map { $0 % 2 == 0 ? 1 : 3 })
    #expect(try baseline(mixed) == nil)
    // With fewer than ten networks, the baseline is always used.
    #expect(try baseline(mixed[Array(0..<9)]) != nil)
    #expect(try baseline(training[[0]]) == nil)
  }

  @Test func calibrationTakesTheValidationPart() throws {
    let fit = try Calibrated(LinearRegression()).fit(to: data, split: split)
    let linear = try LinearPredictor(fitting: data[split.training])
    #expect(fit.predictor.base == AnyPredictor(linear))
    #expect(try fit.predictor.calibration == ConformalCalibration(of: linear, on: data[split.validation]))
    #expect(try fit.leftOut == linear.evaluate(on: data[split.validation]))
    #expect(try fit.predictor.evaluateIntervals(on: data[split.test], coverage: 0.9).coverage > 0.5)
    #expect(
      try message {
        _ = try Calibrated(LinearRegression()).fit(
          to: data, split: Split(training: [0, 1, 2], validation: [], test: []))
      }
        == "calibrating a predictor needs a validation part\n"
        + "  Split the data with a validation part, such as validation: 0.1."
    )
  }

  /// exp of the base's prediction, with the standard deviation to first order: d exp(x) = exp(x) dx.
  @Test func scalesAreTakenBack() throws {
    let scale = TargetScale(scaling: .logarithmic, offset: 1, factor: 2)
    #expect(abs(scale.unscaled(0.5) - exp(2)) < 1e-12)
    let spread = LatencyEstimate(of: [0.4, 0.6].map { LatencyEstimate(latency: $0) }, weights: [0.5, 0.5])
    #expect(abs((spread.spread ?? 0) - 0.2) < 1e-12)
    let predictor = ScaledTargetsPredictor(
      base: AnyPredictor(try LinearPredictor(fitting: data[split.training])), scale: scale, unit: "ms")
    #expect(try predictor.estimate(data[split.test].graphs).allSatisfy { $0.spread == nil })
  }

  /// Predictions 2 and 4 with the weights 0.75 and 0.25: mean 2.5, variance 0.75 (0.5)^2 + 0.25 (1.5)^2 = 0.75.
  @Test func spreadsOfMembersAdd() {
    let plain = [LatencyEstimate(latency: 2), LatencyEstimate(latency: 4)]
    let between = LatencyEstimate(of: plain, weights: [0.75, 0.25])
    #expect(between.latency == 2.5)
    #expect(abs((between.spread ?? 0) - 0.75.squareRoot() / 2.5) < 1e-12)
    // With standard deviations of 1 each, the variance is 1 more.
    let sure = [LatencyEstimate(latency: 2, spread: 0.5), LatencyEstimate(latency: 4, spread: 0.25)]
    #expect(abs((LatencyEstimate(of: sure, weights: [0.75, 0.25]).spread ?? 0) - 1.75.squareRoot() / 2.5) < 1e-12)
    #expect(LatencyEstimate(of: [plain[0]], weights: [1]).spread == nil)
  }

  /// The least target is 0 on a linear scale, and the calibration of ranks takes logarithms.
  @Test func ranksNeedLatencies() throws {
    for targetScaling in TargetScaling.allCases {
      var options = TrainingOptions.graphNetwork(epochs: 1, seed: 1)
      options.targetScaling = targetScaling
      let recipe = ScaledTargets(.linear, GATES(operations: .onNodes, layers: 1, units: 4, options: options))
      #expect(
        try message { _ = try recipe.fit(to: data, split: split) }.hasPrefix(
          "gates, which learns to rank, needs latencies above 0, but \""))
    }
  }

  /// On a linear scale, a latency of the validation part may be 0 or less.
  @Test(arguments: [
    Perceptron(options: TrainingOptions(epochs: 1, seed: 1)) as any Recipe,
    GCNRecipe(options: TrainingOptions(epochs: 1, seed: 1)),
  ]) func validationTargetsNeedLogarithmsToo(_ recipe: any Recipe) throws {
    let graphs = try data.graphs.prefix(4)
    let some = Dataset(
      name: nil, measuredOn: "d", unit: "",
      uncheckedSamples: graphs.enumerated().map { Dataset.Sample(graph: $1, latency: 3 - Double($0)) })
    #expect(
      try message {
        _ = try AnyRecipe(recipe).fit(to: some, split: Split(training: [0, 1], validation: [3], test: []))
      } == """
        the target 0.0 can't be scaled by its logarithm
          Remove that sample, or scale targets linearly.
        """)
  }

  @Test func otherUnitsAreErrors() throws {
    var seconds = try data[split.test]
    seconds.unit = "s"
    let linear = try LinearPredictor(fitting: data[split.training])
    #expect(
      try message { _ = try linear.evaluate(on: seconds) }
        == "the predictor predicts ms, but the data set is in s\n  Load the latencies in ms, or train a predictor on "
        + "this data."
    )
  }

  /// Results are found again for data in which only some graphs have a property.
  @Test func graphsMayHaveDifferentProperties() throws {
    func digest(_ second: [String: Double]) throws -> String {
      let graphs = try [
        chain("a", [Node(.input), Node(.relu)], properties: ["units": 1]),
        chain("b", [Node(.input), Node("sigmoid")], properties: second), chain("c", [Node(.input)]),
      ]
      return try FitContent(
        recipe: LinearRegression(), label: "", data: Dataset(device: "d", graphs: graphs, latencies: [1, 2, 3]),
        split: Split(training: [0, 1], validation: [2], test: [])
      ).digest()
    }
    #expect(try digest([:]) == digest([:]))
    #expect(try digest([:]) != digest(["units": 1]))
  }
}
