import Foundation
import Testing

@testable import Core

@Suite struct PredictorFileTests {
  private static func old(_ name: String) -> String {
    packageRoot.appending(path: "Tests/CoreTests/OldPredictors/\(name).safetensors").path
  }

  /// Files that Labbook wrote when all predictors were GCNs, and their predictions for networks 100 and 599.
  @Test(arguments: [
    ("gcn-1", "gcn", [2.0942896837761267, 2.074549291066214]),
    ("gcn-1-baseline", "residual", [2.502482906006876, 1.5376056643963096]),
    ("gcn-ensemble-1", "ensemble", [2.5092518772769408, 1.5192980792954522]),
  ])
  func oldFilesAreRead(_ name: String, _ family: String, _ expected: [Double]) throws {
    let data = try PrunedResNet.load("epyc-ort-1t")[[100, 599]]
    let predictor = try openPredictor(Self.old(name))
    #expect(predictor.family == family)
    #expect((predictor.unit, predictor.device.name) == ("ms", "epyc-ort-1t"))
    for (latency, before) in zip(try predictor.predict(data.graphs), expected) {
      #expect(abs(latency - before) < 1e-5 * before, "another processor's kernels round differently")
    }
    if family == "ensemble" {
      let intervals = try predictor.predictIntervals(data.graphs)
      #expect(
        abs(intervals[0].lower - 2.1629337059283187) < 1e-4 && abs(intervals[1].upper - 1.7249672657714883) < 1e-4)
    }
    let again = try AnyPredictor(safetensors: predictor.safetensors(), at: Place(file: "new"))
    #expect(again == predictor)
  }

  @Test func oldFilesThatAreDamagedAreErrors() throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: Self.old("gcn-ensemble-1")))
    let place = Place(file: "old")
    for length in stride(from: 0, to: data.count, by: 211) {
      #expect(throws: InputError.self) { _ = try AnyPredictor(safetensors: data.prefix(length), at: place) }
    }
    var content = try SafeTensors(data, at: place)
    content.metadata["members"] = "0"
    #expect(
      try message { _ = try AnyPredictor(safetensors: content.encoded(), at: place) }
        == "old: the metadata's \"members\" can't be read\n  Save the predictor again.")
  }

  @Test func theTypeOfAFileIsChecked() throws {
    let files = try TemporaryFiles([:])
    let data = try PrunedResNet.load("epyc-ort-1t")[Array(0..<60)]
    let linear = try LinearPredictor(fitting: data)
    try linear.save(to: files.path("l.safetensors"))
    let opened = try openPredictor(files.path("l.safetensors"))
    #expect(opened.as(LinearPredictor.self) == linear)
    #expect(opened.as(GCNPredictor.self) == nil)
    #expect(try opened.predict(data.graphs) == linear.predict(data.graphs))
    #expect(
      try files.message { _ = try GCNPredictor(contentsOf: $0.path("l.safetensors")) } == """
        l.safetensors: the file holds a predictor of the family "linear", not "gcn"
          Open it with openPredictor, which reads any family.
        """)
    #expect(
      try files.message { _ = try openPredictor($0.path("none.safetensors")) }.hasPrefix(
        "none.safetensors: there is no such file\n"))
  }

  @Test func foreignFormatsAreNamed() throws {
    let place = Place(file: "f")
    let later = SafeTensors(metadata: ["format": "labbook-predictor-9"], tensors: [:])
    #expect(
      try message { _ = try AnyPredictor(safetensors: later.encoded(), at: place) } == """
        f: this safetensors file is not a predictor of Labbook
          Its format is "labbook-predictor-9", not "labbook-predictor-1".
        """)
    let nameless = SafeTensors(metadata: ["format": "labbook-predictor-1"], tensors: [:])
    #expect(
      try message { _ = try AnyPredictor(safetensors: nameless.encoded(), at: place) }
        == "f: the file doesn't name the family of its predictor\n  Save the predictor again.")
  }

  @Test func numbersOfAllTypesAreRead() throws {
    var content = SafeTensors(metadata: [:], tensors: [:])
    content.tensors["b"] = SafeTensors.Tensor(shape: [3], values: .single([1.5, -0, .pi]))
    content.tensors["a"] = SafeTensors.Tensor(shape: [2, 1], values: .integer([-7, .max]))
    content.tensors["c"] = SafeTensors.Tensor(shape: [1], values: .double([0.1]))
    #expect(try SafeTensors(content.encoded(), at: Place(file: "t")) == content)
  }

  /// Files whose JSON can be read, but whose indices are out of range.
  @Test func indicesOutOfRangeAreErrors() throws {
    let data = try PrunedResNet.load("epyc-ort-1t")[Array(0..<60)]
    let split = try data.split(.shuffled(seed: 1))
    let cells = try FewShotTests.target()
    let few = try FewShotTransfer(seed: 1).pretrain(on: FewShotTests.sources.get())
      .fit(to: cells, split: Split(training: Array(0..<12), validation: [], test: []))
    let forest = try RandomForest(trees: 2).fit(to: data, split: split).predictor
    let process = try GaussianProcessRegression(restarts: 1).fit(to: data, split: split).predictor
    let kernels = try KernelSum(KernelSumTests.table, seed: 1).predictor(for: "d")
    let options = TrainingOptions(epochs: 1, weights: .lastEpoch, seed: 1)
    let landmarks = try LandmarkSimilarity(landmarks: 2, hiddenUnits: [2], options: options)
      .fit(to: data, split: split).predictor
    let perceptron = try Perceptron(hiddenUnits: [2], options: options).fit(to: data, split: split).predictor
    let unfit = "numbers that don't fit each other"
    let cases: [(any StorablePredictor, String, Regex<Substring>, String, String)] = [
      (forest, "features", #/"work":\[\d+/#, "\"work\":[99", "the metadata's \"features\" has \(unfit)"),
      (forest, "features", #/"work":\[\d+/#, "\"work\":[-1", "the metadata's \"features\" has \(unfit)"),
      (process, "columns", #/"columns":\[\d+/#, "\"columns\":[-1", "the columns and the features don't fit each other"),
      (process, "columns", #/"means":\[/#, "\"means\":[0,", "the columns and the features don't fit each other"),
      (
        few.predictor, "features", #/"positions":\[\d+/#, "\"positions\":[9999",
        "the metadata's \"features\" has \(unfit)"
      ),
      (kernels, "operations", #/\["conv",/#, "[", "an operation of a kernel is damaged"),
      (landmarks, "features", #/"logarithms":\[/#, "\"logarithms\":[0,", "the metadata's \"features\" has \(unfit)"),
      (landmarks, "model", #/"inputs":5/#, "\"inputs\":6", "the model has 6 inputs, but there are 5 features"),
      (landmarks, "model", #/"inputs":/#, "\"outputs\":2,\"inputs\":", "the model has 2 outputs, but 1 is needed"),
      (perceptron, "features", #/"means":\[/#, "\"means\":[0,", "the metadata's \"features\" has \(unfit)"),
      (perceptron, "model", #/"inputs":/#, "\"outputs\":3,\"inputs\":", "the model has 3 outputs, but 1 is needed"),
    ]
    for (predictor, name, pattern, text, cause) in cases {
      var content = try SafeTensors(AnyPredictor(predictor).safetensors(), at: Place(file: "p"))
      let before = try #require(content.metadata[name])
      let after = before.replacing(pattern, with: text, maxReplacements: 1)
      #expect(after != before, "\(name) has no \(text)")
      content.metadata[name] = after
      #expect(
        try message { _ = try AnyPredictor(safetensors: content.encoded(), at: Place(file: "p")) }
          == "p: \(cause)\n  Save the predictor again.")
    }
  }
}
