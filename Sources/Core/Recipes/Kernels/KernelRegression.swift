import Numerics

/// A method that predicts the time of a kernel from its sizes.
public enum KernelMethod: Codable, Hashable, Sendable {
  /// For each family of kernels a forest with this number of trees, on nn-Meter's features; it predicts the logarithm
  /// of the time.
  case forest(trees: Int)
  /// The formula of CoDL (Jia and others, 2022) in Labbook's interpretation: the number of blocks, ceil(positions /
  /// p) ceil(output channels / c), times the time of a block, which is linear in the work of one output, its input
  /// channels and 1. The block sizes p and c are those that fit best.
  case blocks
  /// A function that is linear in the work, the outputs times the input channels, and the outputs: `blocks` with
  /// blocks of one output, which shows what counting whole blocks is good for.
  case linear
  /// A line through the FLOPs, the control of CoDL's authors.
  case work

  /// - Throws: `InputError` when a forest would have no trees.
  func validate() throws {
    if case .forest(let trees) = self, trees < 1 {
      throw InputError("a forest can't have \(trees) trees", remedy: "50 trees are usual.")
    }
  }
}

/// A fitted method for one family of kernels.
struct KernelRegression: Codable, Hashable, Sendable {
  let trees: KernelForest?
  let blocks: KernelBlocks?

  init(_ method: KernelMethod, kernels: [Kernel], times: [Double], seed: UInt64) throws {
    switch method {
    case .forest(let count):
      trees = KernelForest(kernels.map(\.features), times.map { CorrectlyRounded.log($0) }, count: count, seed: seed)
      blocks = nil
    case .blocks, .linear, .work:
      trees = nil
      blocks = try KernelBlocks(
        kernels, times, sizes: method == .blocks ? KernelBlocks.sizes : [1], terms: method == .work ? 1 : 3)
    }
  }

  init(_ forest: KernelForest) {
    trees = forest
    blocks = nil
  }

  /// Whether trees compare only features that kernels have; a damaged file may have others.
  var isSound: Bool { trees?.columns.allSatisfy { $0 < Kernel.featureCount } ?? true }

  func time(_ kernel: Kernel) -> Double {
    trees.map { CorrectlyRounded.exp($0.value(kernel.features)) } ?? blocks?.time(kernel) ?? 0
  }
}

/// The mean of regression trees.
struct KernelForest: Codable, Hashable, Sendable {
  let trees: [RegressionTree]

  init(_ rows: [[Double]], _ targets: [Double], count: Int, seed: UInt64) {
    let table = BinnedTable(rows)
    let growth = TreeGrowth(mostDepth: 40, leafSamples: 1, columnsPerSplit: 5)
    trees = (0..<count).map { number in
      var random = SeededGenerator(seed: seed &+ UInt64(number) &* 0x9E37_79B9_7F4A_7C15)
      let samples = rows.indices.map { _ in Int32(Int.random(in: rows.indices, using: &random)) }
      return growth.tree(table, targets: targets, samples: samples, using: &random)
    }
  }

  init(_ trees: [RegressionTree]) {
    self.trees = trees
  }

  /// The columns that the trees compare.
  var columns: some Sequence<Int> { trees.lazy.flatMap(\.nodes).compactMap(\.column).map(Int.init) }

  /// For each column the thresholds that the trees use, ascending.
  var thresholds: [[Double]] {
    var distinct = [Set<Double>](repeating: [], count: Kernel.featureCount)
    for node in trees.lazy.flatMap(\.nodes) {
      if let column = node.column { distinct[Int(column)].insert(node.threshold) }
    }
    return distinct.map { $0.sorted() }
  }

  func value(_ row: [Double]) -> Double {
    trees.reduce(0) { $0 + $1.value(row) } / Double(max(trees.count, 1))
  }
}

/// Blocks of outputs that take the same time each.
struct KernelBlocks: Codable, Hashable, Sendable {
  let positions: Double
  let channels: Double
  /// The coefficients of the work of one output, of its input channels, and of 1.
  let prices: [Double]
  let intercept: Double

  static let sizes = [1.0, 2, 4, 8, 16, 32]

  /// - Parameters:
  ///   - sizes: The candidates of both block sizes.
  ///   - terms: How many of the terms of `prices` have a coefficient, from the first.
  init(_ kernels: [Kernel], _ times: [Double], sizes: [Double], terms: Int) throws {
    var best: (loss: Double, positions: Double, channels: Double, fit: RidgeRegression)?
    for positions in sizes {
      for channels in sizes {
        let rows = kernels.map { Array(Self.row($0, positions, channels).prefix(terms)) }
        let fit = try RobustRegression.fit(
          rows: rows, targets: times, penalty: 1e-6, threshold: RobustRegression.threshold)
        // Each kernel counts 1 at most, so that one with a spoilt time can't decide on the sizes.
        let loss = zip(rows, times).reduce(0) { sum, pair in
          let predicted = max(Self.value(pair.0, fit), 0)
          return sum + abs(predicted - pair.1) / max(predicted, pair.1)
        }
        if loss < best?.loss ?? .infinity { best = (loss, positions, channels, fit) }
      }
    }
    guard let best else { throw InputError("no block size fits the kernels' times") }
    positions = best.positions
    channels = best.channels
    var prices = [0.0, 0, 0]
    for (column, coefficient) in zip(best.fit.columns, best.fit.coefficients) { prices[column] = coefficient }
    self.prices = prices
    intercept = best.fit.intercept
  }

  private static func row(_ kernel: Kernel, _ positions: Double, _ channels: Double) -> [Double] {
    let all = kernel.nodes.first?.outputPositions ?? 1
    let output = Double(kernel.nodes.first?[.outputChannels] ?? 1)
    let blocks = (all / positions).rounded(.up) * (output / channels).rounded(.up)
    return [
      blocks * kernel.work / max(all * output, 1), blocks * Double(kernel.nodes.first?[.inputChannels] ?? 0), blocks,
    ]
  }

  private static func value(_ row: [Double], _ fit: RidgeRegression) -> Double {
    zip(fit.columns, fit.coefficients).reduce(fit.intercept) { $0 + row[$1.0] * $1.1 }
  }

  func time(_ kernel: Kernel) -> Double {
    max(zip(Self.row(kernel, positions, channels), prices).reduce(intercept) { $0 + $1.0 * $1.1 }, 0)
  }
}
