import Foundation
import Testing

@testable import Core

/// With too little or uninformative data, every recipe gives a clear error or predictions above 0.
@Suite struct BadInputTests {
  private static let data = Result { try PrunedResNet.load("epyc-ort-1t") }

  private static let cases: [(name: String, count: Int, latency: @Sendable (Int) -> Double)] = [
    ("one sample", 1, { _ in 2 }),
    ("two samples", 2, { 1 + Double($0) }),
    ("two equal samples", 2, { _ in 2 }),
    ("all equal", 20, { _ in 2 }),
    ("ties everywhere", 20, { 1 + Double($0 % 2) }),
    ("one gross outlier", 20, { $0 == 7 ? 1e6 : 2 + 0.01 * Double($0) }),
  ]

  @Test(arguments: RecipeTests.recipes.indices) func finiteOrAnError(_ index: Int) throws {
    func check(_ recipe: some Recipe) throws {
      let whole = try Self.data.get()
      for (name, count, latency) in Self.cases {
        let graphs = (0..<count).map { whole.samples[25 * $0].graph }
        let some = try Dataset(device: "d", graphs: graphs, latencies: (0..<count).map(latency))
        // A recipe that needs a validation part gets the last quarter.
        let held = count / 4
        let split = try Split(
          training: Array(0..<count - held), validation: Array(count - held..<count), test: [])
        do {
          let predictor = try recipe.fit(to: some, split: split).predictor
          let predictions = try predictor.predict([whole.samples[3].graph, whole.samples[599].graph])
          let family = type(of: recipe).family
          // The paper's targets are linear, so a gross outlier can pull other predictions below 0.
          let least = family == "brp-nas" ? -Double.greatestFiniteMagnitude : 0
          #expect(predictions.allSatisfy { $0.isFinite && $0 > least }, "\(family), \(name): \(predictions)")
        } catch let error as InputError {
          #expect(error.cause.count > 20, "\(type(of: recipe).family), \(name)")
        }
      }
    }
    try check(RecipeTests.recipes[index])
  }

  /// Recipes that only read sizes, and recipes that have a rule for unknown parts. Their predictors warn.
  private static let anyOperation: Set<String> = ["fox-nas", "kernel-sum", "landmark-similarity"]

  @Test(arguments: RecipeTests.recipes.indices) func anOperationNeverSeenIsNamed(_ index: Int) throws {
    func check(_ recipe: some Recipe) throws {
      let whole = try Self.data.get()
      let few = (0..<40).map { 15 * $0 }
      let predictor = try recipe.fit(
        to: whole, split: Split(training: few, validation: [1, 2, 3, 4, 5, 6, 7, 8, 9], test: [])
      ).predictor
      let graph = try chain("new", [Node(.input), Node("silu", outputChannels: 4, height: 8, width: 8)])
      let family = type(of: recipe).family
      let warnings = predictor.warnings(for: [whole.samples[0].graph, graph]).filter { $0.network == "new" }
      #expect(AnyPredictor(predictor).warnings(for: [graph]) == warnings, "\(family)")
      if Self.anyOperation.contains(family) {
        #expect(try predictor.predict([graph]).allSatisfy { $0.isFinite && $0 > 0 }, "\(family)")
        #expect(warnings.map(\.node) == [1] && warnings.map(\.kind) == ["silu"], "\(family)")
      } else {
        #expect(try message { _ = try predictor.predict([graph]) }.contains("silu"), "\(family)")
        #expect(warnings.isEmpty, "\(family)")
      }
    }
    try check(RecipeTests.recipes[index])
  }

  @Test(arguments: RecipeTests.recipes.indices) func damagedFilesAreErrors(_ index: Int) throws {
    func check(_ recipe: some Recipe) throws {
      let whole = try Self.data.get()
      let few = (0..<30).map { 20 * $0 }
      let predictor = try recipe.fit(
        to: whole, split: Split(training: few, validation: [1, 2, 3, 4, 5, 6, 7, 8, 9], test: [])
      ).predictor
      try Self.expectErrors(of: AnyPredictor(predictor))
    }
    try check(RecipeTests.recipes[index])
  }

  @Test(arguments: TransferRecipeTests.small.indices) func damagedFilesOfTransferAreErrors(_ index: Int) throws {
    func check(_ recipe: some TransferRecipe) throws {
      let cells = TransferRecipeTests()
      let known = try recipe.pretrain(on: cells.sources)
      let data = try cells.target()
      try Self.expectErrors(of: AnyPredictor(known.fit(to: data, split: cells.few(known, data)).predictor))
    }
    try check(TransferRecipeTests.small[index])
  }

  /// A file that is cut short or of another family can't be read. A file with a damaged part can't be read either,
  /// unless the part isn't needed, and then nothing is lost.
  private static func expectErrors(of predictor: AnyPredictor) throws {
    let place = Place(file: "p")
    let file = try predictor.safetensors()
    for part in 0..<8 {
      #expect(throws: InputError.self) {
        _ = try AnyPredictor(safetensors: file.prefix(part * file.count / 8), at: place)
      }
    }
    let whole = try SafeTensors(file, at: place)
    func family<Method: Recipe>(_ recipe: Method.Type) -> String { Method.Predictor.family }
    let families = PredictorFamilies.all.map { family($0) }
    for other in Set(families).subtracting([predictor.family]).sorted() {
      var content = whole
      content.metadata["family"] = other
      #expect(throws: InputError.self, "a file of \(predictor.family) as \(other)") {
        _ = try AnyPredictor(safetensors: content.encoded(), at: place)
      }
    }
    func expectNothingLost(_ content: SafeTensors, _ part: String) throws {
      do {
        let read = try AnyPredictor(safetensors: content.encoded(), at: place)
        #expect(read == predictor, "\(predictor.family) without \(part)")
      } catch is InputError {}
    }
    for name in whole.metadata.keys.sorted() {
      var content = whole
      content.metadata[name] = "!"
      try expectNothingLost(content, name)
    }
    for name in whole.tensors.keys.sorted() {
      var content = whole
      content.tensors[name] = whole.tensors[name]?.withoutLast
      try expectNothingLost(content, name)
    }
  }
}

extension SafeTensors.Tensor {
  /// The values without the last one, as a vector.
  fileprivate var withoutLast: SafeTensors.Tensor {
    switch values {
    case .single(let values): SafeTensors.Tensor(shape: [max(values.count - 1, 0)], values: .single(values.dropLast()))
    case .double(let values): SafeTensors.Tensor(shape: [max(values.count - 1, 0)], values: .double(values.dropLast()))
    case .integer(let values):
      SafeTensors.Tensor(shape: [max(values.count - 1, 0)], values: .integer(values.dropLast()))
    case .long(let values): SafeTensors.Tensor(shape: [max(values.count - 1, 0)], values: .long(values.dropLast()))
    }
  }
}
