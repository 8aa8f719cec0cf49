internal import Basics

/// A summary of a data set in figures, for reports.
public struct DatasetSummary: Codable, Hashable, Sendable {
  /// The least, middle and greatest value of a number over the samples. All are 0 without samples.
  public struct Spread: Codable, Hashable, Sendable {
    public var minimum: Double
    public var median: Double
    public var mean: Double
    public var maximum: Double

    public init(_ values: [Double]) {
      let sorted = values.sorted()
      minimum = sorted.first ?? 0
      maximum = sorted.last ?? 0
      mean = sorted.isEmpty ? 0 : sorted.reduce(0, +) / Double(sorted.count)
      median = sorted.median ?? 0
    }
  }

  /// The samples that share one value of a property.
  public struct Share: Codable, Hashable, Sendable {
    public var value: Double
    public var count: Int
    /// The fraction of all samples, from 0 to 1.
    public var share: Double
  }

  public var device: String
  public var unit: String
  public var count: Int
  /// The number of nodes of a graph.
  public var nodes: Spread
  /// The number of edges of a graph.
  public var edges: Spread
  /// The latency of a sample, in `unit`.
  public var latency: Spread
  /// The floating-point operations of a graph, as far as they are known.
  public var floatingPointOperations: Spread
  /// The number of nodes of all graphs with each operation.
  public var operations: [String: Int]
}

extension Dataset {
  /// - Parameter registry: The costs of the operations.
  public func summary(registry: OperationRegistry = .standard) -> DatasetSummary {
    var operations: [String: Int] = [:]
    for sample in samples {
      for node in sample.graph.nodes { operations[node.operation.rawValue, default: 0] += 1 }
    }
    return DatasetSummary(
      device: device, unit: unit, count: count,
      nodes: DatasetSummary.Spread(samples.map { Double($0.graph.nodes.count) }),
      edges: DatasetSummary.Spread(samples.map { Double($0.graph.edges.count) }),
      latency: DatasetSummary.Spread(latencies),
      floatingPointOperations: DatasetSummary.Spread(
        samples.map { $0.graph.totalFloatingPointOperations(registry: registry) }),
      operations: operations)
  }

  /// The number of samples with each value of a property, in the order of the values.
  /// - Throws: `InputError` that names the first graph without the property, and the existing properties.
  public func shares(by name: String) throws -> [DatasetSummary.Share] {
    let counts = Dictionary(grouping: try property(name), by: { $0 }).mapValues(\.count)
    return counts.sorted { $0.key < $1.key }.map {
      DatasetSummary.Share(value: $0.key, count: $0.value, share: Double($0.value) / Double(count))
    }
  }
}
