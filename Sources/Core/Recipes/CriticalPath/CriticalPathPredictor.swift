/// Prices of work and span: see `CriticalPath`.
public struct CriticalPathPredictor: StorablePredictor {
  public static let family = "critical-path"

  /// The price of one unit of a term, in the unit of the data per node, element or FLOP.
  public struct Price: Codable, Hashable, Sendable {
    public var term: OperationTerm
    /// The price wherever the node is.
    public var work: Double
    /// The price in addition if the node is on the critical path.
    public var span: Double
    /// The price in addition if nothing uses the node's result; the negative of `work` for a runtime that leaves such
    /// nodes out.
    public var unused: Double
  }

  let terms: CriticalPathTerms
  private let coefficients: [Double]
  /// The latency of a network without any of the terms.
  public let intercept: Double
  /// The lower bound of all predictions: a tenth of the least training latency.
  let floor: Double
  public let unit: String
  public let device: Device

  init(
    terms: CriticalPathTerms, prices: [Double], intercept: Double, floor: Double, unit: String, device: Device
  ) {
    self.terms = terms
    coefficients = prices
    self.intercept = intercept
    self.floor = floor
    self.unit = unit
    self.device = device
  }

  /// The prices of the terms.
  public var prices: [Price] {
    terms.work.enumerated().map { index, term in
      let span = terms.span.firstIndex(of: term).map { coefficients[terms.spanColumns.lowerBound + $0] }
      let unused = terms.unused.firstIndex(of: term).map { coefficients[terms.pairColumns.upperBound + $0] }
      return Price(term: term, work: coefficients[index], span: span ?? 0, unused: unused ?? 0)
    }
  }

  /// The price of each pair of nodes that can run at the same time, by their operations.
  public var pairPrices: [OperationPair: Double] {
    Dictionary(zip(terms.pairs, coefficients[terms.pairColumns]), uniquingKeysWith: +)
  }

  /// The indices of the nodes on the critical path, from first to last; all nodes, if no training network had branches.
  /// - Throws: `InputError` when the graph has an operation that no training graph had.
  public func criticalPath(of graph: NetworkGraph) throws -> [Int] {
    let network = try terms.networks([graph])[0]
    return terms.span.isEmpty ? graph.topologicalOrder() : network.longestPath(coefficients[terms.spanColumns])
  }

  /// - Throws: `InputError` when a graph has an operation that no training graph had.
  public func predict(_ graphs: [NetworkGraph]) throws -> [Double] { latencies(try terms.networks(graphs)) }

  public func estimate(_ batch: GraphBatch) throws -> [LatencyEstimate] {
    latencies(try batch.shared(terms) { try terms.networks(batch.graphs) }).map { LatencyEstimate(latency: $0) }
  }

  private func latencies(_ networks: [CriticalPathNetwork]) -> [Double] {
    networks.map { network in
      let row = network.row(coefficients[terms.spanColumns])
      return max(zip(row, coefficients).reduce(intercept) { $0 + $1.0 * $1.1 }, floor)
    }
  }

  public func write(to archive: inout PredictorArchive) throws {
    try archive.set("terms", to: terms)
    archive.setTensor("prices", coefficients)
    archive.setTensor("intercept", [intercept])
    archive.setTensor("floor", [floor])
  }

  public init(reading archive: PredictorArchive) throws {
    terms = try archive.value("terms")
    coefficients = try archive.doubles("prices", shape: [terms.count])
    intercept = try archive.doubles("intercept", shape: [1])[0]
    floor = try archive.doubles("floor", shape: [1])[0]
    unit = try archive.unit
    device = try archive.device
  }
}
