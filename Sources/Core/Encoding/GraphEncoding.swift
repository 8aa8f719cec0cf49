import Foundation
import Numerics

/// Encodes networks as numbers for a GCN: a row of features for each node, and the rows that each row aggregates.
///
/// The features of a node are its operation (one-hot, in the order of `operations`), then its quantities, then its
/// `context`. A quantity is (log(1 + value) - mean) / deviation, with the mean and deviation over the training
/// graphs' nodes that have it, and 0 for a node without it. With a global node, each graph has one more row at its
/// top and a feature that is 1 for this row only. The row aggregates every node and itself, and no other row
/// aggregates it.
///
/// ```swift
/// let encoding = try GraphEncoding(fitting: data[split.training].graphs)
/// let encoded = try encoding.encode(data.graphs)
/// ```
public struct GraphEncoding: Codable, Hashable, Sendable {
  /// The neighbours that a node aggregates, besides itself.
  public enum Direction: String, Codable, Hashable, Sendable, CaseIterable {
    /// The successors, as in BRP-NAS: A[n, m] = 1 where data flows from n to m.
    case forward
    /// The predecessors.
    case backward
    case both
  }

  /// A quantity of a node with the statistics that standardise it.
  public struct ScaledQuantity: Codable, Hashable, Sendable {
    public var quantity: NodeQuantity
    /// The mean of log(1 + value) over the training graphs' nodes that have the quantity.
    public var mean: Double
    /// The standard deviation of log(1 + value), which is positive.
    public var deviation: Double

    public init(_ quantity: NodeQuantity, mean: Double, deviation: Double) {
      self.quantity = quantity
      self.mean = mean
      self.deviation = deviation
    }
  }

  /// The known operations, in the order of their columns.
  public let operations: OperationRegistry
  /// The quantities, in the order of their columns, which follow the operations'.
  public let quantities: [ScaledQuantity]
  /// The features about the rest of the graph, in the order of their columns, which follow the quantities'.
  public let context: [NodeContext]
  public let direction: Direction
  /// Whether each node aggregates itself.
  public let selfLoops: Bool
  /// Whether each graph has a global node.
  public let globalNode: Bool

  public init(
    operations: OperationRegistry, quantities: [ScaledQuantity] = [], context: [NodeContext] = [],
    direction: Direction = .forward, selfLoops: Bool = true, globalNode: Bool = true
  ) {
    self.operations = operations
    self.quantities = quantities
    self.context = context
    self.direction = direction
    self.selfLoops = selfLoops
    self.globalNode = globalNode
  }

  /// Learns the operations and the statistics of the quantities from training graphs.
  /// - Parameters:
  ///   - quantities: The quantities. Those that no node has, or that are the same for all nodes that have them, are
  ///     left out.
  ///   - context: The features about the rest of the graph.
  ///   - operations: Operations that get columns in addition to those of the graphs.
  ///   - registry: The costs of the operations, for FLOPs.
  /// - Throws: `InputError` when there are no graphs, or a graph has an operation that the registry doesn't know.
  public init(
    fitting graphs: [NetworkGraph], quantities: [NodeQuantity] = NodeQuantity.allCases,
    context: [NodeContext] = [], operations: [NetworkOperation] = [], direction: Direction = .forward,
    selfLoops: Bool = true, globalNode: Bool = true, registry: OperationRegistry = .standard
  ) throws {
    guard !graphs.isEmpty else { throw InputError("fitting an encoding needs at least one graph") }
    var used = Set(operations)
    for graph in graphs {
      for node in graph.nodes where node.operation != .removed { used.insert(node.operation) }
    }
    self.init(
      operations: try registry.restricted(to: used), quantities: Self.fit(quantities, to: graphs, registry: registry),
      context: context, direction: direction, selfLoops: selfLoops, globalNode: globalNode)
  }

  /// BRP-NAS's encoding of NAS-Bench-201 cells (Dudziak et al., 2020): a global node, self loops, successors, one-hot
  /// columns for convolution 1x1, convolution 3x3, average pooling, input, output and the global node.
  public static let brpNASBench201 = GraphEncoding(
    operations: OperationRegistry(
      [.cellConvolution1x1, .cellConvolution3x3, .cellAveragePool3x3, .input, .output].compactMap {
        OperationRegistry.standard[$0]
      }))

  /// The number of features of a row.
  public var featureCount: Int {
    contextStart + context.reduce(0) { $0 + $1.featureCount(operations: operations.definitions.count) }
      + (globalNode ? 1 : 0)
  }

  /// The first column of `context`.
  var contextStart: Int { operations.definitions.count + quantities.count }

  /// The name of each feature, in order.
  public var featureNames: [String] {
    operations.definitions.map(\.operation.rawValue) + quantities.map(\.quantity.rawValue)
      + context.flatMap { $0.featureNames(operations: operations.definitions.map(\.operation)) }
      + (globalNode ? ["global"] : [])
  }

  private static func fit(
    _ quantities: [NodeQuantity], to graphs: [NetworkGraph], registry: OperationRegistry
  ) -> [ScaledQuantity] {
    var statistics = [RunningStatistics](repeating: RunningStatistics(), count: quantities.count)
    for graph in graphs {
      let positions = graph.inputPositions
      for (index, node) in graph.nodes.enumerated() {
        let cost = registry[node.operation]?.cost
        for (column, quantity) in quantities.enumerated() {
          guard let value = quantity.value(of: node, cost: cost, inputPositions: positions[index]) else { continue }
          statistics[column].add(CorrectlyRounded.log1p(value))
        }
      }
    }
    return zip(quantities, statistics).compactMap { quantity, statistics in
      let deviation = statistics.deviation
      return deviation > 1e-9 ? ScaledQuantity(quantity, mean: statistics.mean, deviation: deviation) : nil
    }
  }
}

extension GraphEncoding {
  /// Files of versions without a context have none.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      operations: try container.decode(OperationRegistry.self, forKey: .operations),
      quantities: try container.decode([ScaledQuantity].self, forKey: .quantities),
      context: try container.decodeIfPresent([NodeContext].self, forKey: .context) ?? [],
      direction: try container.decode(Direction.self, forKey: .direction),
      selfLoops: try container.decode(Bool.self, forKey: .selfLoops),
      globalNode: try container.decode(Bool.self, forKey: .globalNode))
  }
}

/// The mean and standard deviation in one pass (Welford, 1962).
private struct RunningStatistics {
  private var count = 0.0
  private(set) var mean = 0.0
  private var squares = 0.0

  mutating func add(_ value: Double) {
    count += 1
    let difference = value - mean
    mean += difference / count
    squares += difference * (value - mean)
  }

  /// The standard deviation of the population; 0 without values.
  var deviation: Double { count > 0 ? (squares / count).squareRoot() : 0 }
}
