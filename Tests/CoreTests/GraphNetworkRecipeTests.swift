import Foundation
import Testing

@testable import Core

/// What all recipes of graph networks have to fulfil beyond `RecipeTests`.
@Suite struct GraphNetworkRecipeTests {
  private static let data = Result { try PrunedResNet.load("epyc-ort-1t") }
  private var data: Dataset { get throws { try Self.data.get() } }
  private var split: Split {
    get throws {
      try Split(
        training: Array(stride(from: 0, to: 600, by: 6)), validation: Array(stride(from: 1, to: 600, by: 60)),
        test: Array(stride(from: 2, to: 600, by: 12)))
    }
  }

  private static func options(_ epochs: Int) -> TrainingOptions {
    .graphNetwork(epochs: epochs, batchSize: 16, learningRate: 3e-3, seed: 1)
  }

  static func recipes(epochs: Int) -> [any GraphNetworkRecipe] {
    [
      NNLQP(units: 24, options: options(epochs)),
      GATES(operations: .onNodes, layers: 3, units: 16, embedding: 8, options: options(epochs)),
      GATES(
        operations: .onEdges, objective: .latency, readout: .mean, layers: 3, units: 16, embedding: 8,
        options: options(epochs)),
      NARFormer(blocks: 1, width: 16, heads: 2, frequencies: 4, orders: 1, options: options(epochs)),
      NARFormerV2(layers: 2, width: 16, groups: 2, options: options(epochs)),
      COBRA(readers: 1, width: 8, layers: 2, units: 16, options: options(epochs)),
    ]
  }

  @Test(arguments: recipes(epochs: 40).indices) func learnsTheOrderOfNetworks(_ index: Int) throws {
    let recipe = AnyRecipe(Self.recipes(epochs: 40)[index])
    let fit = try recipe.fit(to: data, split: split)
    #expect(fit.curve.count == 40)
    let evaluation = try fit.predictor.evaluate(on: data[split.test])
    // Learning from lines of tokens takes longer than learning from numbers.
    let least = recipe.as(COBRA.self) == nil ? 0.85 : 0.5
    #expect(RankCorrelation.spearmanRho(evaluation.measured, evaluation.predicted) > least)
    #expect(evaluation.share(within: 0.3) > 0.6)
  }

  @Test(arguments: recipes(epochs: 1).indices) func threadsDecideOnNoBit(_ index: Int) throws {
    let recipe = AnyRecipe(Self.recipes(epochs: 1)[index])
    let predictors = try [1, 3].map { threads in
      var context = TrainingContext.current
      context.threads = threads
      return try recipe.fit(to: data, split: split, in: context).predictor
    }
    #expect(predictors[0] == predictors[1])
  }

  /// Predictions are finite with one network, two networks, equal latencies, and ties.
  @Test(arguments: recipes(epochs: 2).indices) func littleToLearnFrom(_ index: Int) throws {
    let recipe = AnyRecipe(Self.recipes(epochs: 2)[index])
    let whole = try data
    for count in [1, 2, 8] {
      let few = try Dataset(
        device: "d", graphs: whole.graphs.prefix(count).map { $0 }, latencies: Array(repeating: 3, count: count))
      let fit = try recipe.fit(to: few, split: Split(training: Array(0..<count), validation: [], test: []))
      #expect(try fit.predictor.predict(few.graphs).allSatisfy { $0 > 0 && $0.isFinite })
    }
    let tied = try Dataset(
      device: "d", graphs: whole.graphs, latencies: whole.graphs.indices.map { 1 + Double($0 % 2) })
    let fit = try recipe.fit(to: tied, split: split)
    #expect(try fit.predictor.predict(whole.graphs).allSatisfy { $0 > 0 && $0.isFinite })
  }

  /// Predictions are finite for a network without edges and for operations that the training didn't contain.
  @Test(arguments: recipes(epochs: 1).indices) func unusualGraphs(_ index: Int) throws {
    let recipe = AnyRecipe(Self.recipes(epochs: 1)[index])
    let fit = try recipe.fit(to: data, split: split)
    let alone = try NetworkGraph(id: "alone", nodes: [Node(.relu)], edges: [])
    #expect(try fit.predictor.predict([alone])[0].isFinite)
    let unknown = try chain("new", [Node(.input), Node("silu"), Node(.output)])
    let text = try message { _ = try fit.predictor.predict([unknown]) }
    #expect(text.hasPrefix("node 1 of \"new\" has the operation \"silu\", which the encoding doesn't know"))
  }

  @Test(
    arguments: [
      (NNLQP(layers: 0) as any GraphNetworkRecipe, "nnlqp can't have 0 layers\n  Use 1 to 1024; 2 is usual."),
      (NNLQP(dropout: 1), "the dropout probability 1.0 is not between 0 and 0.99\n  0.1 is usual."),
      (GATES(units: 0), "gates can't have 0 units\n  Use 1 to 65536; 64 is usual."),
      (GATES(objective: .ranking(margin: 0)), "the margin of the scores is 0.0\n  Use a margin above 0; 0.1 is usual."),
      (NARFormer(width: 6, heads: 4), "the width 6 can't be shared by 4 heads\n  Use a multiple of the heads."),
      (NARFormer(orders: -1), "nar-former can't have -1 orders\n  Use 0 to 1024; 4 is usual."),
      (NARFormerV2(width: 6, groups: 4), "the width 6 can't be cut into 4 groups\n  Use a multiple of the groups."),
    ]) func settingsOutOfRangeAreErrors(_ recipe: any GraphNetworkRecipe, _ expected: String) throws
  {
    #expect(try message { _ = try AnyRecipe(recipe).fit(to: data, split: split) } == expected)
  }

  /// Recipes that learn only the order of networks are calibrated with the training part.
  @Test func ordersBecomeLatencies() throws {
    var options = Self.options(40)
    options.loss = .rankingHinge(margin: 0.1, share: 1)
    let fit = try NNLQP(units: 24, options: options).fit(to: data, split: split)
    #expect(fit.predictor.ranks != nil)
    #expect(try fit.predictor.evaluate(on: data[split.test]).share(within: 0.2) > 0.7)
    options.loss = .gaussian
    for recipe in [AnyRecipe(NNLQP(units: 4, options: options)), AnyRecipe(NARFormer(width: 8, options: options))] {
      #expect(
        try message { _ = try recipe.fit(to: data, split: split) } == """
          the loss needs 2 outputs for each network, the model has 1
            Use a loss that needs one output, such as .absolute.
          """)
    }
  }

  @Test func damagedFilesAreErrors() throws {
    let fit = try NNLQP(units: 4, options: Self.options(1)).fit(to: data, split: split)
    var archive = try PredictorArchive(familyOf: fit.predictor)
    try fit.predictor.write(to: &archive)
    var wider = fit.recipe
    wider.units = 5
    try archive.set("recipe", to: wider)
    #expect(
      try message { _ = try GraphNetworkPredictor<NNLQP>(reading: archive) }
        .hasPrefix("the file has no tensor \"layers.0.neighbours.weight\" of shape"))
    wider.units = -1
    try archive.set("recipe", to: wider)
    #expect(
      try message { _ = try GraphNetworkPredictor<NNLQP>(reading: archive) }.hasPrefix("nnlqp can't have -1 units"))
  }

  @Test func brpNASIsTheGCNWithThePapersSettings() throws {
    let recipe = try BRPNAS(units: 3, epochs: 2, seed: 5).recipe(fitting: data[split.training].graphs)
    #expect(recipe.configuration == GCN.Configuration(layers: 4, hiddenUnits: 3, dropout: 0.002))
    #expect(recipe.options.batchSize == 1 && recipe.options.targetScaling == .linear)
    let cells = [
      try NASBench201.Cell(operations: Array(NASBench201.operations + [.cellConvolution3x3])).graph(id: "a", .pruned)
    ]
    #expect(try BRPNAS().recipe(fitting: cells).encoding?.featureNames.last == "global")
    let fit = try BRPNAS(units: 3, epochs: 2, seed: 5).fit(to: data, split: split)
    #expect(try fit.predictor == recipe.fit(to: data, split: split).predictor)
  }
}
