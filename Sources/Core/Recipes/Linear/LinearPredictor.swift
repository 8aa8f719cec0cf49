/// Linear regression on the operations of a network: the baseline that a GCN should be better than.
///
/// The latency is an intercept plus a price for each unit of each *term*, which is a sum over some nodes
/// (`OperationTerm`). The prices minimise
///
///     mean of ((p - y) / y)^2 + penalty * sum of (b / m)^2
///
/// over the training samples. Here y is the measured latency, m its median, p the prediction and b the prices of the
/// terms scaled to standard deviation 1 (ridge regression on relative errors). Terms that are equal for all training
/// graphs are part of the intercept.
///
/// ```swift
/// let baseline = try LinearPredictor(fitting: data[split.training])
/// let evaluation = try baseline.evaluate(on: data[split.test])
/// ```
///
/// On the 600 pruned residual CNNs, 450 for training and 150 for the test, the fractions within 10 % in the
/// sequential split's test part are 93, 91 and 85 % (epyc-ort-1t, epyc-ort-2t, epyc-mnn-1t).
public struct LinearPredictor: StorablePredictor {
  public static let family = "linear"

  public typealias Term = OperationTerm
  public typealias Measure = OperationTerm.Measure

  public let terms: [Term]
  /// The price of one unit of each term, in the unit of the data per node, element or FLOP.
  public let prices: [Double]
  /// The latency of a network without any of the terms.
  public let intercept: Double
  /// The operations of the training graphs. A graph with another operation can't be predicted.
  public let operations: OperationRegistry
  public let unit: String
  public let device: Device

  /// - Parameters:
  ///   - penalty: The ridge penalty, which is positive. It stabilises the prices of correlated terms.
  ///   - huberThreshold: The number of deviations beyond which a sample counts less; nil for plain least squares.
  /// - Throws: `InputError` when there are no samples, the penalty isn't positive, or the registry doesn't know an
  ///   operation.
  public init(
    fitting data: Dataset, penalty: Double = 1e-6, huberThreshold: Double? = nil,
    registry: OperationRegistry = .standard
  ) throws {
    guard data.count > 0 else { throw InputError("the data has no samples to learn from") }
    try data.requirePositiveLatencies(for: "a linear regression needs")
    guard penalty > 0, penalty.isFinite else {
      throw InputError("the penalty is \(penalty)", remedy: "It must be a positive number, such as 1e-6.")
    }
    operations = try registry.restricted(to: data.samples.lazy.flatMap { $0.graph.nodes.lazy.map(\.operation) })
    let sums = data.graphs.map { [operations] in $0.operationSums(registry: operations) }
    let seen = Set(sums.lazy.flatMap(\.keys)).sorted()
    if let huberThreshold, !(huberThreshold > 0) {
      throw InputError("the threshold is \(huberThreshold)", remedy: "It must be a positive number; 1.345 is usual.")
    }
    let rows = sums.map { sums in seen.map { sums[$0] ?? 0 } }
    let solution =
      if let huberThreshold {
        try RobustRegression.fit(
          rows: rows, targets: data.latencies, penalty: penalty, threshold: huberThreshold)
      } else {
        try RidgeRegression(
          rows: rows, targets: data.latencies, relativeTo: data.latencies, penalty: penalty)
      }
    terms = solution.columns.map { seen[$0] }
    prices = solution.coefficients
    intercept = solution.intercept
    unit = data.unit
    device = data.measuredOn
  }

  init(
    terms: [Term], prices: [Double], intercept: Double, operations: OperationRegistry, unit: String, device: Device
  ) {
    self.terms = terms
    self.prices = prices
    self.intercept = intercept
    self.operations = operations
    self.unit = unit
    self.device = device
  }

  public func write(to archive: inout PredictorArchive) throws {
    try archive.set("terms", to: terms)
    archive.setTensor("prices", prices)
    archive.setTensor("intercept", [intercept])
    try archive.set("operations", to: operations)
  }

  public init(reading archive: PredictorArchive) throws {
    terms = try archive.value("terms")
    prices = try archive.doubles("prices", shape: [terms.count])
    intercept = try archive.doubles("intercept", shape: [1])[0]
    operations = try archive.value("operations")
    unit = try archive.unit
    device = try archive.device
  }

  /// - Throws: `InputError` when a graph has an operation that no training graph had.
  public func predict(_ graphs: [NetworkGraph]) throws -> [Double] {
    try sums(of: graphs).map(latency)
  }

  public func estimate(_ batch: GraphBatch) throws -> [LatencyEstimate] {
    try batch.shared(operations) { try sums(of: batch.graphs) }.map { LatencyEstimate(latency: latency($0)) }
  }

  private func sums(of graphs: [NetworkGraph]) throws -> [[Term: Double]] {
    try graphs.map { graph in
      try graph.requireOperations(of: operations)
      return graph.operationSums(registry: operations)
    }
  }

  private func latency(_ sums: [Term: Double]) -> Double {
    zip(terms, prices).reduce(intercept) { $0 + $1.1 * (sums[$1.0] ?? 0) }
  }
}
