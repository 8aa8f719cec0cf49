/// Linear regression on what a network is made of: the baseline that a GCN has to beat.
///
/// The latency is an intercept and a price for each unit of each *term*. A term is one of three sums over the nodes
/// with an operation, wherever they are, and again over those with the operation and an output of one height and width:
/// how many there are (`count`), their output elements C H W (`size`), and their FLOPs by `OperationCost` (`flops`).
/// The prices minimise
///
///     mean of ((p - y) / y)^2 + penalty * sum of b^2
///
/// over the training samples, y measured, p predicted and b the prices of the terms scaled to deviation 1 (ridge
/// regression on relative errors). Terms that are the same for every training graph are left to the intercept.
///
/// ```swift
/// let baseline = try LinearPredictor(fitting: data[split.training])
/// let evaluation = try baseline.evaluate(on: data[split.test])
/// ```
///
/// On the 600 pruned residual CNNs, 450 to learn from and 150 to test, it puts 93, 91 and 85 % of the sequential
/// split's test part within 10 % (epyc-ort-1t, epyc-ort-2t, epyc-mnn-1t).
public struct LinearPredictor: LatencyPredictor, Codable, Hashable {
  /// What is counted of the nodes of a term.
  public enum Measure: String, Codable, Hashable, Sendable, CaseIterable {
    case count, size, flops
  }

  /// A sum over some nodes of a network.
  public struct Term: Codable, Hashable, Sendable {
    public var operation: Operation
    /// Of the nodes' outputs, "32x32"; nil for all of the operation's nodes.
    public var resolution: String?
    public var measure: Measure
  }

  public let terms: [Term]
  /// Of one unit of each term, in the unit of the data per node, element or FLOP.
  public let prices: [Double]
  /// Of a network without any of the terms.
  public let intercept: Double
  /// The operations of the training graphs; a graph with another one can't be predicted.
  public let operations: OperationRegistry

  /// - Parameter penalty: positive; it keeps the prices of terms apart that go together.
  /// - Throws: `InputError` when there are no samples, the penalty isn't positive, or the registry doesn't know an
  ///   operation.
  public init(fitting data: Dataset, penalty: Double = 1e-6, registry: OperationRegistry = .standard) throws {
    guard data.count > 0 else { throw InputError("there are no samples to learn from") }
    guard penalty > 0, penalty.isFinite else {
      throw InputError("the penalty is \(penalty)", remedy: "It has to be a positive number, like 1e-6.")
    }
    operations = try registry.restricted(to: data.samples.lazy.flatMap { $0.graph.nodes.lazy.map(\.operation) })
    let sums = data.graphs.map { [operations] in Self.sums(of: $0, operations) }
    let seen = Set(sums.lazy.flatMap(\.keys)).sorted()
    let solution = try RidgeRegression(
      rows: sums.map { sums in seen.map { sums[$0] ?? 0 } }, targets: data.latencies,
      weights: data.latencies.map { 1 / ($0 * $0) }, penalty: penalty)
    terms = solution.columns.map { seen[$0] }
    prices = solution.coefficients
    intercept = solution.intercept
  }

  public func predict(_ graphs: [NetworkGraph]) throws -> [Double] {
    try graphs.map { graph in
      if let unknown = graph.nodes.first(where: { operations.position(of: $0.operation) == nil }) {
        throw InputError(
          "\"\(graph.id)\" has the operation \"\(unknown.operation)\", which no training graph had",
          remedy: InputError.remedy(
            unknown: unknown.operation.rawValue, among: operations.definitions.map(\.operation.rawValue),
            called: "operations it knows"))
      }
      let sums = Self.sums(of: graph, operations)
      return zip(terms, prices).reduce(intercept) { $0 + $1.1 * (sums[$1.0] ?? 0) }
    }
  }

  private static func sums(of graph: NetworkGraph, _ operations: OperationRegistry) -> [Term: Double] {
    var sums: [Term: Double] = [:]
    let flops = graph.floatingPointOperations(registry: operations)
    for (node, flops) in zip(graph.nodes, flops) {
      let resolution = node[.height].flatMap { height in node[.width].map { "\(height)x\($0)" } }
      let size = node[.outputChannels].map { Double($0) * (node.outputPositions ?? 1) }
      for (measure, value) in [(Measure.count, 1), (.size, size), (.flops, flops)] {
        guard let value, value > 0 else { continue }
        sums[Term(operation: node.operation, resolution: nil, measure: measure), default: 0] += value
        guard resolution != nil else { continue }
        sums[Term(operation: node.operation, resolution: resolution, measure: measure), default: 0] += value
      }
    }
    return sums
  }
}

extension LinearPredictor.Term: Comparable {
  public static func < (left: Self, right: Self) -> Bool {
    (left.operation.rawValue, left.resolution ?? "", left.measure.rawValue)
      < (right.operation.rawValue, right.resolution ?? "", right.measure.rawValue)
  }
}
