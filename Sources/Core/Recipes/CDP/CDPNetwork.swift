import Numerics

/// Encoded graphs: first the labelled ones, then those of the target, then the assistants.
struct CDPInputs {
  let encoded: EncodedGraphs
  let targets: Range<Int>
  let assistants: Range<Int>
}

/// CDP's network with its objective; see `CDP`:
///
///     x = (relu(A x W + b) + relu(B x V + c)) / 2
///
/// where A takes the mean over a node and its predecessors, and B over a node and its successors.
struct CDPNetwork: TapeModel {
  let layout: ParameterLayout
  private let weight: Double
  private let layers: [(backward: Linear, forward: Linear)]
  private let joint: Linear
  private let output: Linear
  /// The fraction of training in which assistants replace the target.
  private static let assisted = 0.15

  init(_ recipe: CDP, features: Int) {
    var layout = ParameterLayout()
    weight = recipe.weight
    layers = (0..<recipe.layers).map { index in
      let inputs = index == 0 ? features : recipe.units
      return (
        Linear("layers.\(index).backward", inputs: inputs, outputs: recipe.units, activation: .relu, in: &layout),
        Linear("layers.\(index).forward", inputs: inputs, outputs: recipe.units, activation: .relu, in: &layout)
      )
    }
    joint = Linear("joint", inputs: recipe.units, outputs: recipe.vector, bias: false, in: &layout)
    output = Linear("output", inputs: recipe.vector, outputs: 1, in: &layout)
    self.layout = layout
  }

  private func vectors(_ samples: some Collection<Int>, _ encoded: EncodedGraphs, _ weights: Weights) throws -> Variable
  {
    let rows = GraphRows(samples, of: encoded, on: weights.tape)
    let (predecessors, successors) = (try rows.neighbourMeans(), try rows.transposedMeans())
    var x = rows.features
    for layer in layers {
      x =
        try (layer.backward(predecessors.sums(of: x), weights) + layer.forward(successors.sums(of: x), weights)) / 2
    }
    return try joint(rows.graphs.means.sums(of: x), weights)
  }

  func outputs(
    _ samples: ArraySlice<Int>, of inputs: CDPInputs, _ weights: Weights, dropoutSeed: UInt64?
  ) throws -> Variable {
    try output(vectors(samples, inputs.encoded, weights), weights)
  }

  func objective(_ batch: TrainingBatch, of inputs: CDPInputs, _ weights: Weights) throws -> Variable? {
    guard weight > 0, let seed = batch.dropoutSeed else { return nil }
    let others = batch.progress < Self.assisted && !inputs.assistants.isEmpty ? inputs.assistants : inputs.targets
    var random = SeededGenerator(seed: seed)
    let drawn = batch.samples.map { _ in Int.random(in: others, using: &random) }
    let vectors = try vectors(Array(batch.samples) + drawn, inputs.encoded, weights)
    let outputs = try output(vectors, weights)
    let count = batch.samples.count
    let loss = try batch.meanLoss(of: outputs.rows(0..<count))
    // The factors depend only on the completed fraction of training.
    let lambda = 2 / (1 + CorrectlyRounded.exp(-10 * batch.progress)) - 1
    // bounded: 1 - cos is at most 2.
    let classes = 1 + Int((1 - CorrectlyRounded.cos(.pi * batch.progress)).rounded())
    let discrepancy = try LocalDiscrepancy(
      targets: batch.targets, predictions: Array(outputs.values[count...]), classes: classes
    ).value(of: vectors)
    return try loss + discrepancy * (weight * lambda)
  }
}

/// The local maximum mean discrepancy (Zhu and others, 2021) between the two halves of a batch, by classes of a
/// label:
///
///     mean over classes of |mean of f(source) - mean of f(target)|^2
///
/// in the feature space of the sum of five Gaussian kernels, whose widths are 1/4 to 4 times the mean squared
/// distance. Distances are differences of squares, so they are cut off at 0, and the widths are at least what rounding
/// of the squares leaves: adaptation makes vectors ever more alike, and a distance below 0 over a tiny width would
/// overflow.
struct LocalDiscrepancy {
  /// For each class the weight of each row: positive in the first half, negative in the second, with sum 0.
  private let weights: [[Double]]

  /// Classes are ranges of the targets between quantiles; each prediction falls into one of them. Classes that are
  /// empty in one half are ignored.
  init(targets: [Double], predictions: [Double], classes: Int) {
    let sorted = targets.sorted()
    let bounds = (1..<max(classes, 1)).map { sorted[$0 * sorted.count / classes] }
    func classOf(_ value: Double) -> Int { bounds.count { $0 <= value } }
    weights = (0..<max(classes, 1)).compactMap { number in
      let first = targets.map { classOf($0) == number }
      let second = predictions.map { classOf($0) == number }
      let counts = (first.count { $0 }, second.count { $0 })
      guard counts.0 > 0, counts.1 > 0 else { return nil }
      return first.map { $0 ? 1 / Double(counts.0) : 0 } + second.map { $0 ? -1 / Double(counts.1) : 0 }
    }
  }

  func value(of vectors: Variable) throws -> Variable {
    let (tape, count) = (vectors.tape, vectors.rows)
    guard !weights.isEmpty else { return tape.constant(0) }
    let squares = try (vectors * vectors).rowSums()
    let sums = try squares + squares.reshaped(rows: 1, columns: count)
    let distances = try (sums - 2 * vectors.product(vectors, transposing: .right)).map(.relu)
    // The widths are constants for the gradient.
    let rounding = 1e-6 * squares.values.reduce(0, +) / Double(max(count, 1)) + 1e-12
    let mean = max(distances.values.reduce(0, +) / Double(max(count * (count - 1), 1)), rounding)
    var kernel = tape.constant(0, rows: count, columns: count)
    for factor in [0.25, 0.5, 1, 2, 4] { kernel = try kernel + (distances * (-1 / (mean * factor))).map(.exp) }
    var factors = [Double](repeating: 0, count: count * count)
    for weights in weights {
      for row in 0..<count where weights[row] != 0 {
        for column in 0..<count {
          factors[row * count + column] += weights[row] * weights[column] / Double(self.weights.count)
        }
      }
    }
    return try (kernel * tape.constant(factors, rows: count, columns: count)).sum()
  }
}
