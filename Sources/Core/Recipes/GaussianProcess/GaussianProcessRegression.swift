internal import Basics
import Foundation
import Numerics

/// A Gaussian process with a length scale for each feature (automatic relevance determination), which ChamNet (Dai
/// and others, 2019) uses for accuracy and energy. Its kernel and features are not published; they are Labbook's
/// interpretation.
///
/// Let y be the logarithms of the latencies, scaled to mean 0 and standard deviation 1, and x the features
/// (`TabularFeatures`), each scaled in the same way. The covariance is
///
///     a exp(-1/2 sum over features j of (x_j - x'_j)^2 / l_j^2) + b x x' / d + noise
///
/// where a, b, all l_j and the noise maximise the likelihood of the latencies of at most `likelihoodSamples`
/// networks. They are found by `steps` steps of Adam from `restarts` starting points with different length scales.
/// A `context` adds features about the surroundings of nodes, so that the order of operations matters:
/// `[.predecessors, .successors]` knows which operation follows which.
///
/// The spread of an estimate is the process's standard deviation of the logarithm. So there are intervals without a
/// validation part too: about 90 % of the latencies are within 1.645 spreads.
///
/// ```swift
/// let fit = try GaussianProcessRegression().fit(to: data, split: split, label: "Gaussian process")
/// ```
public struct GaussianProcessRegression: Recipe {
  public typealias Predictor = GaussianProcessPredictor

  public var restarts: Int
  public var steps: Int
  public var likelihoodSamples: Int
  /// The greatest number of samples to learn from, of which there are evenly spaced ones if there are more: the time
  /// grows with its third power, the memory with its square.
  public var samples: Int
  /// The surroundings of nodes that are among the features.
  public var context: [NodeContext]

  public init(
    restarts: Int = 3, steps: Int = 60, likelihoodSamples: Int = 200, samples: Int = 2000,
    context: [NodeContext] = []
  ) {
    self.restarts = restarts
    self.steps = steps
    self.likelihoodSamples = likelihoodSamples
    self.samples = samples
    self.context = context
  }

  private enum CodingKeys: String, CodingKey { case restarts, steps, likelihoodSamples, samples, context }

  /// Recipes that earlier versions stored have neither a limit of samples nor a context.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      restarts: try container.decode(Int.self, forKey: .restarts),
      steps: try container.decode(Int.self, forKey: .steps),
      likelihoodSamples: try container.decode(Int.self, forKey: .likelihoodSamples))
    samples = try container.decodeIfPresent(Int.self, forKey: .samples) ?? .max
    context = try container.decodeIfPresent([NodeContext].self, forKey: .context) ?? []
  }

  /// - Throws: `InputError` when a setting is not positive or a latency is not above 0.
  public func learn(
    from data: Dataset, split: Split, in context: TrainingContext
  ) throws -> Fit<GaussianProcessRegression> {
    guard restarts >= 1, steps >= 0, likelihoodSamples >= 1, samples >= 1 else {
      throw InputError(
        "a Gaussian process needs at least 1 starting point and 1 sample", remedy: "3 and 200 are usual.")
    }
    let training = data[split.training.indices.evenlySpaced(samples).map { split.training[$0] }]
    try training.requirePositiveLatencies(for: "a Gaussian process needs")
    let features = try TabularFeatures(fitting: training.graphs, context: self.context)
    let raw = try features.rows(of: training.graphs)
    let columns = ScaledColumns(fitting: raw)
    let rows = raw.map { columns.scaled($0) }
    let logarithms = training.latencies.map { CorrectlyRounded.log($0) }
    let mean = logarithms.reduce(0, +) / Double(logarithms.count)
    let variance = logarithms.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(logarithms.count)
    let deviation = variance > 0 ? variance.squareRoot() : 1
    let targets = logarithms.map { ($0 - mean) / deviation }
    // The samples may be in some order, of which the first would be no fair part.
    let part = targets.indices.evenlySpaced(likelihoodSamples)
    let search = RelevanceSearch(rows: part.map { rows[$0] }, targets: part.map { targets[$0] })
    let found = try context.run {
      try sweep(over: Array(0..<restarts)) { search.mostProbable(start: $0, steps: steps) }
    }
    var best = found[0]
    for other in found.dropFirst() where other.loss < best.loss { best = other }
    let kernel = RelevanceKernel(logarithms: best.logarithms)
    guard
      let posterior = GaussianPosterior(covariance: kernel.covariance(rows), targets: targets)
    else { throw InputError("the Gaussian process can't be computed", remedy: "Leave out duplicate networks.") }
    return Fit(
      self,
      GaussianProcessPredictor(
        features: features, columns: columns, kernel: kernel, rows: rows, targets: targets, factors: posterior.weights,
        mean: mean, deviation: deviation, unit: data.unit, device: data.measuredOn))
  }
}

/// The predictor of `GaussianProcessRegression`.
public struct GaussianProcessPredictor: StorablePredictor {
  public static let family = "gaussian-process"

  let features: TabularFeatures
  let columns: ScaledColumns
  let kernel: RelevanceKernel
  let rows: [[Double]]
  let targets: [Double]
  let factors: [Double]
  let mean: Double
  let deviation: Double
  public let unit: String
  public let device: Device

  init(
    features: TabularFeatures, columns: ScaledColumns, kernel: RelevanceKernel, rows: [[Double]], targets: [Double],
    factors: [Double], mean: Double, deviation: Double, unit: String, device: Device
  ) {
    self.features = features
    self.columns = columns
    self.kernel = kernel
    self.rows = rows
    self.targets = targets
    self.factors = factors
    self.mean = mean
    self.deviation = deviation
    self.unit = unit
    self.device = device
  }

  /// The relevance of each feature, 1 over its length scale, in descending order.
  public var relevances: [(feature: String, relevance: Double)] {
    let names = features.names
    return zip(columns.columns, kernel.inverseLengths).map { (names[$0], $1) }.sorted {
      ($1.relevance, $0.feature) < ($0.relevance, $1.feature)
    }
  }

  public func predict(_ graphs: [NetworkGraph]) throws -> [Double] {
    try results(for: graphs) { block in block.means.map { latency($0) } }
  }

  public func latencies(_ batch: GraphBatch) throws -> [Double] { try predict(batch.graphs) }

  public func estimate(_ graphs: [NetworkGraph]) throws -> [LatencyEstimate] {
    guard let posterior = GaussianPosterior(covariance: kernel.covariance(rows), targets: targets) else {
      throw InputError("the Gaussian process can't be computed")
    }
    return try results(for: graphs) { block in
      let explained = posterior.explainedVariances(block.covariances)
      return zip(block.rows, block.means).enumerated().map { lane, network in
        let (row, mean) = network
        let variance = max(kernel.value(row, row) - explained[lane], 0) + kernel.noise
        return LatencyEstimate(latency: latency(mean), spread: deviation * variance.squareRoot())
      }
    }
  }

  private func latency(_ mean: Double) -> Double { CorrectlyRounded.exp(self.mean + deviation * mean) }

  /// At most eight networks, which are computed together.
  private struct Block {
    /// The scaled features.
    var rows: ArraySlice<[Double]>
    /// The covariances of the networks with each training sample.
    var covariances: [SIMD8<Double>]
    /// The means of the process.
    var means: [Double]
  }

  private func results<Result: Sendable>(
    for graphs: [NetworkGraph], of block: @Sendable (Block) -> [Result]
  ) throws -> [Result] {
    let wanted = try features.rows(of: graphs).map { columns.scaled($0) }
    let width = SIMD8<Double>.scalarCount
    var results = [[Result]](repeating: [], count: (wanted.count + width - 1) / width)
    results.withUnsafeMutableBufferPointer { results in
      let results = results
      ThreadTeam(TrainingContext.current.threads).forEach(results.count) { part, _ in
        let some = wanted[part * width..<min((part + 1) * width, wanted.count)]
        var lanes = [SIMD8<Double>](repeating: .zero, count: columns.columns.count)
        for (lane, row) in some.enumerated() {
          for column in lanes.indices { lanes[column][lane] = row[column] }
        }
        let covariances = rows.map { kernel.values(lanes, $0) }
        let means = zip(covariances, factors).reduce(into: SIMD8<Double>.zero) { $0 += $1.0 * $1.1 }
        results[part] = block(
          Block(rows: some, covariances: covariances, means: some.indices.map { means[$0 - some.startIndex] }))
      }
    }
    return results.flatMap { $0 }
  }

  public func write(to archive: inout PredictorArchive) throws {
    try archive.set("features", to: features)
    try archive.set("columns", to: columns)
    archive.setTensor("kernel", kernel.logarithms)
    archive.setTensor("rows", rows.flatMap { $0 }, shape: [rows.count, columns.columns.count])
    archive.setTensor("targets", targets)
    archive.setTensor("factors", factors)
    archive.setTensor("scale", [mean, deviation])
  }

  public init(reading archive: PredictorArchive) throws {
    features = try archive.value("features")
    columns = try archive.value("columns")
    guard columns.isSound(width: features.count) else {
      throw archive.damage("the columns and the features don't fit each other")
    }
    let width = columns.columns.count
    kernel = RelevanceKernel(logarithms: try archive.doubles("kernel", shape: [width + 3]))
    targets = try archive.doubles("targets")
    factors = try archive.doubles("factors", shape: [targets.count])
    let values = try archive.doubles("rows", shape: [targets.count, width])
    rows = targets.indices.map { Array(values[$0 * width..<($0 + 1) * width]) }
    let scale = try archive.doubles("scale", shape: [2])
    mean = scale[0]
    deviation = scale[1]
    unit = try archive.unit
    device = try archive.device
    if targets.isEmpty { throw archive.damage("the samples are missing") }
  }
}
