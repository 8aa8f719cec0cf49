/// A data set in figures, as a report gives them.
public struct DatasetSummary: Codable, Hashable, Sendable {
  /// The range and middle of one number over the samples. All are 0 where there are none.
  public struct Spread: Codable, Hashable, Sendable {
    public var minimum: Double
    public var median: Double
    public var mean: Double
    public var maximum: Double

    public init(_ values: [Double]) {
      let sorted = values.sorted()
      let middle = sorted.count / 2
      minimum = sorted.first ?? 0
      maximum = sorted.last ?? 0
      mean = sorted.isEmpty ? 0 : sorted.reduce(0, +) / Double(sorted.count)
      median =
        sorted.isEmpty ? 0 : sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
  }

  /// The samples that have one value of a property.
  public struct Share: Codable, Hashable, Sendable {
    public var value: Double
    public var count: Int
    /// Of all samples, 0 to 1.
    public var share: Double
  }

  public var device: String
  public var unit: String
  public var count: Int
  /// Of each graph.
  public var nodes: Spread
  /// Of each graph.
  public var edges: Spread
  /// In the unit.
  public var latency: Spread
  /// Floating-point operations of each graph, as far as they are known.
  public var floatingPointOperations: Spread
  /// How many nodes of all graphs have each operation.
  public var operations: [String: Int]
}

extension Dataset {
  /// - Parameter registry: Says what operations cost.
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

  /// How many samples have each value of a property, in the order of the values.
  /// - Throws: `InputError` that names the first graph without it and the properties there are.
  public func shares(by name: String) throws -> [DatasetSummary.Share] {
    let counts = Dictionary(grouping: try property(name), by: { $0 }).mapValues(\.count)
    return counts.sorted { $0.key < $1.key }.map {
      DatasetSummary.Share(value: $0.key, count: $0.value, share: Double($0.value) / Double(count))
    }
  }
}
