import Numerics

/// The logarithm of a known device's latency as a function of the network: the posterior mean of a Gaussian process.
///
/// Let m and s be the mean and standard deviation of the logarithms y of n networks x_i, and k a weighted sum of the
/// kernels additive, pairs, product and counts. Then
///
///     f(x) = m + s sum of a_i (k(x, x_i) + 1),  (K + 1 + noise) a = (y - m) / s
///
/// The weights and the noise maximise the likelihood of the first 250 networks' latencies.
struct SourceFunction: Codable, Hashable, Sendable {
  let device: String
  let anchors: StructuralRows
  /// The coefficients a, one for each anchor.
  let factors: [Double]
  let weights: [Double]
  let mean: Double
  let deviation: Double

  static let likelihoodSamples = 250
  private static let start = [1, 0.5, 0.3, 1, 0.05]

  /// - Parameters:
  ///   - logarithms: The natural logarithms of the latencies of `rows`, at least one.
  /// - Throws: `InputError` when the process can't be computed.
  init(device: String, rows: StructuralRows, logarithms: [Double], kernels: StructuralKernels) throws {
    let count = logarithms.count
    let mean = logarithms.reduce(0, +) / Double(count)
    let variance = logarithms.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
    let deviation = variance > 0 ? variance.squareRoot() : 1
    let targets = logarithms.map { ($0 - mean) / deviation }
    let few = min(Self.likelihoodSamples, count)
    let part = rows[Array(0..<few)]
    let small = KernelMixture(
      kernels: Self.square(part, kernels), constant: 1, targets: Array(targets.prefix(few)))
    let logarithmsOfWeights = small.mostProbableLogarithms(
      around: Self.start.map { CorrectlyRounded.log($0) }, deviation: variance > 0 ? nil : 1, iterations: 150,
      tolerance: 0.1)
    let weights = logarithmsOfWeights.map { CorrectlyRounded.exp($0) }
    guard
      let posterior = KernelMixture(kernels: Self.square(rows, kernels), constant: 1, targets: targets)
        .posterior(weights)
    else {
      throw InputError("the latencies of \"\(device)\" don't fit into double precision")
    }
    self.device = device
    anchors = rows
    factors = posterior.weights
    self.weights = weights
    self.mean = mean
    self.deviation = deviation
  }

  init(
    device: String, anchors: StructuralRows, factors: [Double], weights: [Double], mean: Double, deviation: Double
  ) {
    self.device = device
    self.anchors = anchors
    self.factors = factors
    self.weights = weights
    self.mean = mean
    self.deviation = deviation
  }

  private static func square(_ rows: StructuralRows, _ kernels: StructuralKernels) -> [[Double]] {
    var result = [[Double]](repeating: [], count: StructuralKernels.sourceKernelCount)
    var parts = [[Double]](repeating: [Double](repeating: 0, count: rows.count), count: result.count)
    for row in 0..<rows.count {
      kernels.sourceKernels(rows, row, rows, into: &parts)
      for kernel in parts.indices { result[kernel] += parts[kernel] }
    }
    return result
  }

  /// The function f of each row.
  func values(of rows: StructuralRows, kernels: StructuralKernels, threads: Int) -> [Double] {
    let sum = factors.reduce(0, +)
    return kernels.function(of: rows, anchors: anchors, weights: weights, factors: factors, threads: threads)
      .map { mean + deviation * ($0 + sum) }
  }
}
