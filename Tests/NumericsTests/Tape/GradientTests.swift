import Testing

@testable import Numerics

/// Compares gradients with central differences in double precision, for each operation and for random compositions.
@Suite struct GradientTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var name: String
    /// The rows and columns of each input.
    var shapes: [(Int, Int)]
    /// The range of the inputs.
    var range = -1.5...1.5
    var body: @Sendable ([Variable]) throws -> Variable

    var testDescription: String { name }
  }

  static func functionCases() -> [Case] {
    let functions: [(String, ElementFunction)] = [
      ("relu", .relu), ("gelu", .gelu), ("tanh", .tanh), ("sigmoid", .sigmoid), ("silu", .silu),
      ("softplus", .softplus), ("exp", .exp), ("absolute", .absolute), ("square", .square), ("sign", .sign),
      ("leaky", .leakyRelu(slope: 0.2)), ("huber", .huber(threshold: 0.7)), ("pinball", .pinball(quantile: 0.3)),
      ("identity", .identity),
    ]
    let positive: [(String, ElementFunction)] = [
      ("log", .log), ("squareRoot", .squareRoot), ("reciprocal", .reciprocal),
    ]
    return functions.map { name, function in Case(name: name, shapes: [(5, 7)]) { try $0[0].map(function) } }
      + positive.map { name, function in
        Case(name: name, shapes: [(5, 7)], range: 0.3...2) { try $0[0].map(function) }
      }
  }

  static func sparse() -> SparseMatrix? {
    try? SparseMatrix(
      rows: [[(0, 1), (2, 0.5)], [], [(4, -1), (4, 2), (1, 1)], [(3, 1)]], columnCount: 5)
  }

  static let operationCases: [Case] = [
    Case(name: "add", shapes: [(3, 4), (3, 4)]) { try $0[0] + $0[1] },
    Case(name: "add row", shapes: [(3, 4), (1, 4)]) { try $0[0] + $0[1] },
    Case(name: "subtract column", shapes: [(3, 1), (3, 4)]) { try $0[0] - $0[1] },
    Case(name: "row minus column", shapes: [(1, 4), (3, 1)]) { try $0[0] - $0[1] },
    Case(name: "multiply", shapes: [(3, 17), (3, 17)]) { try $0[0] * $0[1] },
    Case(name: "multiply scalar", shapes: [(3, 4), (1, 1)]) { try $0[0] * $0[1] },
    Case(name: "multiply itself", shapes: [(3, 4)]) { try $0[0] * $0[0] * $0[0] },
    Case(name: "divide", shapes: [(3, 4), (3, 4)], range: 0.5...2) { try $0[0] / $0[1] },
    Case(name: "divide by column", shapes: [(3, 4), (3, 1)], range: 0.5...2) { try $0[0] / $0[1] },
    Case(name: "affine", shapes: [(2, 3)]) { try 2 * $0[0] - 1 + (1 - $0[0]) / 3 },
    Case(name: "product", shapes: [(3, 5), (5, 4)]) { try $0[0].product($0[1]) },
    Case(name: "product, left transposed", shapes: [(5, 3), (5, 4)]) {
      try $0[0].product($0[1], transposing: .left)
    },
    Case(name: "product, right transposed", shapes: [(3, 5), (4, 5)]) {
      try $0[0].product($0[1], transposing: .right)
    },
    Case(name: "batched product", shapes: [(6, 4), (8, 3)]) { try $0[0].product($0[1], batches: 2) },
    Case(name: "batched product, transposed", shapes: [(6, 4), (9, 4)]) {
      try $0[0].product($0[1], transposing: .right, batches: 3)
    },
    Case(name: "batched product, left transposed", shapes: [(6, 4), (6, 2)]) {
      try $0[0].product($0[1], transposing: .left, batches: 2)
    },
    Case(name: "column sums", shapes: [(4, 3)]) { try $0[0].columnSums() },
    Case(name: "row sums", shapes: [(4, 3)]) { try $0[0].rowSums() },
    Case(name: "mean", shapes: [(4, 3)]) { try $0[0].mean() },
    Case(name: "many rows' column sums", shapes: [(70, 3)]) { try $0[0].columnSums() },
    Case(name: "repeated", shapes: [(1, 3)]) { try $0[0].repeated(rows: 4, columns: 3) },
    Case(name: "reshaped", shapes: [(4, 3)]) { try $0[0].reshaped(rows: 2, columns: 6) },
    Case(name: "slices", shapes: [(5, 6)]) { try $0[0].rows(1..<4).columns(2..<5) },
    Case(name: "joined", shapes: [(2, 3), (2, 1), (1, 4)]) {
      try Variable.joinedRows([Variable.joinedColumns([$0[0], $0[1]]), $0[2]])
    },
    Case(name: "seven joined", shapes: [(2, 1), (2, 2)]) {
      try Variable.joinedColumns([$0[0], $0[1], $0[0], $0[1], $0[1], $0[0], $0[1]])
    },
    Case(name: "sparse sums", shapes: [(5, 3)]) { try sparse()?.sums(of: $0[0]) ?? $0[0] },
    Case(name: "wide sparse sums", shapes: [(5, 70)]) { try sparse()?.sums(of: $0[0]) ?? $0[0] },
    Case(name: "scattered sums", shapes: [(4, 3)]) { try sparse()?.scatteredSums(of: $0[0]) ?? $0[0] },
    Case(name: "picking", shapes: [(5, 3)]) { try SparseMatrix(picking: [4, 0, 0, 2], of: 5).sums(of: $0[0]) },
    Case(name: "segment sums", shapes: [(6, 3)]) { try Segments(lengths: [2, 0, 4]).sums.sums(of: $0[0]) },
    Case(name: "segment means", shapes: [(6, 3)]) { try Segments(lengths: [2, 0, 4]).means.sums(of: $0[0]) },
    Case(name: "segment maximum", shapes: [(6, 3)]) { try $0[0].maximum(within: Segments(lengths: [2, 0, 4])) },
    Case(name: "softmax", shapes: [(3, 18)]) { try $0[0].softmax() },
    Case(name: "segment softmax", shapes: [(6, 3)]) { try $0[0].softmax(within: Segments(lengths: [2, 0, 4])) },
    Case(name: "dropout", shapes: [(5, 7)]) { try $0[0].dropout(probability: 0.4, seed: 9) },
    Case(name: "bias and relu", shapes: [(5, 19), (1, 19)]) { try $0[0].unit(bias: $0[1], activation: .relu) },
    Case(name: "bias and gelu", shapes: [(5, 7), (1, 7)]) { try $0[0].unit(bias: $0[1], activation: .gelu) },
    Case(name: "bias and softplus", shapes: [(5, 7), (1, 7)]) { try $0[0].unit(bias: $0[1], activation: .softplus) },
    Case(name: "layer norm", shapes: [(5, 19), (1, 19), (1, 19)]) { try $0[0].unit(scale: $0[1], shift: $0[2]) },
    Case(name: "bias, norm and relu", shapes: [(40, 7), (1, 7), (1, 7), (1, 7)]) {
      try $0[0].unit(bias: $0[1], scale: $0[2], shift: $0[3], activation: .relu)
    },
    Case(name: "bias, norm and tanh", shapes: [(5, 7), (1, 7), (1, 7), (1, 7)]) {
      try $0[0].unit(bias: $0[1], scale: $0[2], shift: $0[3], activation: .tanh)
    },
    Case(name: "sums, bias, norm and relu", shapes: [(5, 7), (1, 7), (1, 7), (1, 7)]) {
      try $0[0].unit(sums: sparse(), bias: $0[1], scale: $0[2], shift: $0[3], activation: .relu)
    },
    Case(name: "linear", shapes: [(4, 5), (5, 3), (1, 3)]) { try $0[0].linear($0[1], bias: $0[2], activation: .relu) },
    Case(name: "linear with norm", shapes: [(4, 5), (5, 3), (1, 3), (1, 3), (1, 3)]) {
      try $0[0].linear($0[1], bias: $0[2], scale: $0[3], shift: $0[4], activation: .silu)
    },
    Case(name: "attention", shapes: [(7, 24)]) { try $0[0].attention(within: Segments(lengths: [3, 0, 4]), heads: 2) },
    Case(name: "attention with bias", shapes: [(7, 6), (25, 2)]) {
      try $0[0].attention(within: Segments(lengths: [3, 4]), heads: 2, bias: $0[1])
    },
    Case(name: "attention of many rows", shapes: [(19, 51)]) {
      try $0[0].attention(within: Segments(lengths: [19]), heads: 1)
    },
    Case(name: "absolute error", shapes: [(5, 1), (5, 1)]) { try $0[0].absoluteError(from: $0[1]) },
    Case(name: "squared error", shapes: [(5, 1), (5, 1)]) { try $0[0].squaredError(from: $0[1]) },
    Case(name: "Huber error", shapes: [(5, 1), (5, 1)]) { try $0[0].huberError(from: $0[1], threshold: 0.5) },
    Case(name: "relative error", shapes: [(5, 1), (5, 1)], range: 0.5...2) { try $0[0].relativeError(from: $0[1]) },
    Case(name: "quantile error", shapes: [(5, 1), (5, 1)]) { try $0[0].quantileError(from: $0[1], quantile: 0.9) },
    Case(name: "Gaussian likelihood", shapes: [(5, 2), (5, 1)]) { try $0[0].gaussianNegativeLogLikelihood(of: $0[1]) },
    Case(name: "ranking hinge", shapes: [(6, 1)]) {
      try $0[0].pairwiseRankingHinge(
        against: $0[0].tape.constant([3, 1, 2, 2, 5, 4], rows: 6, columns: 1), margin: 0.5)
    },
  ]

  @Test(arguments: operationCases + functionCases()) func gradientIsWhatDifferencesSay(_ given: Case) throws {
    try Differences(given, seed: 3).checkGradient()
  }

  @Test(arguments: operationCases + functionCases()) func secondDerivativesAreWhatDifferencesOfGradientsSay(
    _ given: Case
  ) throws {
    try Differences(given, seed: 5).checkHessianVectorProduct()
  }

  @Test(arguments: operationCases + functionCases()) func instructionsDecideOnNoBit(_ given: Case) throws {
    for precision in [Tape.Precision.single, .double] {
      let results = try TapeInstructions.all.map { path in
        try Differences(given, seed: 8).bits(on: Tape(precision: precision, team: ThreadTeam(1), path: path))
      }
      for (path, bits) in zip(TapeInstructions.all, results) {
        #expect((bits == results[0]) as Bool, "\(given.name) in \(precision) precision, path \(path)")
      }
    }
  }

  @Test(arguments: 0..<16) func randomCompositionsHaveTheGradientsThatDifferencesSay(_ seed: Int) throws {
    let composition = RandomComposition(seed: UInt64(seed))
    let given = Case(
      name: "composition \(seed)", shapes: [(4, 5), (4, 5), (5, 5), (1, 5)], range: -1...1,
      body: composition.callAsFunction)
    try Differences(given, seed: UInt64(100 + seed)).checkGradient()
    try Differences(given, seed: UInt64(200 + seed)).checkHessianVectorProduct()
  }
}
