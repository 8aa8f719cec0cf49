import Testing

@testable import Core

@Suite struct LinearPredictorTests {
  /// The share of predictions within 10 % that the reference regression of notebooks/data reached on the sequential
  /// split: 93, 91, 85.
  @Test(arguments: [("epyc-ort-1t", 0.92), ("epyc-ort-2t", 0.90), ("epyc-mnn-1t", 0.84)])
  func sequentialSplitOfPrunedResNet(_ device: String, _ least: Double) throws {
    let data = try PrunedResNet.load(device)
    let split = try data.split(.sequential(validation: 0))
    let evaluation = try LinearPredictor(fitting: data[split.training]).evaluate(on: data[split.test])
    #expect(evaluation.share(within: 0.1) >= least)
  }

  /// The reference regression reached 99, 93 and 93 on a shuffled split; another shuffle gives slightly different
  /// shares.
  @Test(arguments: [("epyc-ort-1t", 0.97), ("epyc-ort-2t", 0.90), ("epyc-mnn-1t", 0.87)])
  func shuffledSplitOfPrunedResNet(_ device: String, _ least: Double) throws {
    let data = try PrunedResNet.load(device)
    let split = try data.split(.shuffled(validation: 0, seed: 1))
    let evaluation = try LinearPredictor(fitting: data[split.training]).evaluate(on: data[split.test])
    #expect(evaluation.share(within: 0.1) >= least)
  }

  /// Networks of convolutions with a price each, plus a constant.
  private func made(_ count: Int) throws -> Dataset {
    let graphs = try (0..<count).map { index in
      let convolutions = (0..<(1 + index % 4)).map { layer in
        Node(
          .convolution, kernel: 3, stride: 1, inputChannels: 8, outputChannels: 8 + 4 * ((index + layer) % 5),
          height: 16, width: 16)
      }
      return try chain("\(index)", [Node(.input)] + convolutions + [Node(.output)])
    }
    let latencies = graphs.map { 0.5 + 0.25 * Double($0.nodes.count - 2) + 3e-6 * $0.totalFloatingPointOperations() }
    return try Dataset(device: "made", graphs: graphs, latencies: latencies)
  }

  @Test func findsPricesThatAreThere() throws {
    let data = try made(60)
    let predictor = try LinearPredictor(fitting: data, penalty: 1e-10)
    let evaluation = try predictor.evaluate(on: data)
    #expect(evaluation.maxGap < 1e-5)
    #expect(abs(predictor.intercept - 0.5) < 1e-4)
    // Every convolution has one resolution, so its price is split between the general term and the resolution's term.
    func price(_ measure: LinearPredictor.Measure) -> Double {
      zip(predictor.terms, predictor.prices).filter { $0.0.measure == measure }.reduce(0) { $0 + $1.1 }
    }
    #expect(abs(price(.count) - 0.25) < 1e-4)
    #expect(try handedOn(predictor) == predictor)
  }

  /// The penalty is relative to the latencies, so that the unit of the data doesn't matter.
  @Test(arguments: [nil, 1.345]) func theUnitDoesNotMatter(_ threshold: Double?) throws {
    let data = try made(60)
    let nanoseconds = try Dataset(
      device: "made", unit: "ns", graphs: data.graphs, latencies: data.latencies.map { $0 * 1e6 })
    let predictions = try [data, nanoseconds].map {
      try LinearPredictor(fitting: $0, penalty: 1e-3, huberThreshold: threshold).predict(data.graphs)
    }
    for (milliseconds, nanoseconds) in zip(predictions[0], predictions[1]) {
      #expect(abs(nanoseconds / 1e6 - milliseconds) < 1e-6 * milliseconds)
    }
  }

  @Test func pricesOperationsAtNewResolutions() throws {
    let predictor = try LinearPredictor(fitting: made(60), penalty: 1e-10)
    let node = Node(.convolution, kernel: 3, stride: 1, inputChannels: 8, outputChannels: 8, height: 8, width: 8)
    let latency = try predictor.predict([chain("new", [Node(.input), node, Node(.output)])])[0]
    #expect(latency > 0.5)
  }

  @Test func whatItCanNotDo() throws {
    let data = try made(10)
    let predictor = try LinearPredictor(fitting: data)
    #expect(
      try message { _ = try predictor.predict([chain("odd", [Node(.input), Node(.relu)])]) } == """
        "odd" has the operation "relu", which no training graph had
          The operations it knows are "conv", "input", "output".
        """)
    #expect(try message { _ = try LinearPredictor(fitting: data[[]]) } == "the data has no samples to learn from")
    #expect(
      try message { _ = try LinearPredictor(fitting: data, penalty: 0) }
        == "the penalty is 0.0\n  It must be a positive number, such as 1e-6.")
  }

  @Test func oneSampleIsItsIntercept() throws {
    let data = try made(1)
    #expect(abs(try LinearPredictor(fitting: data).predict(data.graphs)[0] - data.latencies[0]) < 1e-12)
  }
}
