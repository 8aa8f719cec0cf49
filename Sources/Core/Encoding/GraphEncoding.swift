import Foundation
import Numerics

/// How networks become numbers for a GCN: a row of features for each node and whom each row aggregates.
///
/// The features of a node are its operation, one-hot in the order of `operations`, then its quantities, each (log(1 +
/// value) - mean) / deviation with the mean and deviation over the training graphs' nodes that have it, 0 where a node
/// doesn't, then its `context`. With a global node there is one more row at the top of each graph, and a feature that
/// is 1 for it alone; it aggregates every node and itself, and no other row aggregates it.
///
/// ```swift
/// let encoding = try GraphEncoding(fitting: data[split.training].graphs)
/// let encoded = try encoding.encode(data.graphs)
/// ```
public struct GraphEncoding: Codable, Hashable, Sendable {
  /// Which of its neighbours a node aggregates, beside itself.
  public enum Direction: String, Codable, Hashable, Sendable, CaseIterable {
    /// Its successors, as in BRP-NAS: A[n, m] = 1 where data flows from n to m.
    case forward
    /// Its predecessors.
    case backward
    case both
  }

  /// A quantity of a node with the statistics that standardise it.
  public struct ScaledQuantity: Codable, Hashable, Sendable {
    public var quantity: NodeQuantity
    /// Of log(1 + value) over the training graphs' nodes that have the quantity.
    public var mean: Double
    /// Of log(1 + value), positive.
    public var deviation: Double

    public init(_ quantity: NodeQuantity, mean: Double, deviation: Double) {
      self.quantity = quantity
      self.mean = mean
      self.deviation = deviation
    }
  }

  /// The operations that it knows, in the order of their columns.
  public let operations: OperationRegistry
  /// In the order of their columns, which follow the operations'.
  public let quantities: [ScaledQuantity]
  /// What nodes are told of the rest of the graph, in the order of the columns, which follow the quantities'.
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

  /// Learns the operations and the quantities' statistics from the graphs to train on.
  /// - Parameters:
  ///   - quantities: Those that no node has, or that are the same for every node that has them, are left out.
  ///   - context: What nodes are told of the rest of the graph.
  ///   - operations: More operations to have columns for, beside those of the graphs.
  ///   - registry: Says what operations cost, for the FLOPs.
  /// - Throws: `InputError` when there are no graphs or one has an operation that the registry doesn't know.
  public init(
    fitting graphs: [NetworkGraph], quantities: [NodeQuantity] = NodeQuantity.allCases,
    context: [NodeContext] = [], operations: [NetworkOperation] = [], direction: Direction = .forward,
    selfLoops: Bool = true, globalNode: Bool = true, registry: OperationRegistry = .standard
  ) throws {
    guard !graphs.isEmpty else { throw InputError("there are no graphs to fit an encoding to") }
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

  /// The features of a row.
  public var featureCount: Int {
    contextStart + context.reduce(0) { $0 + $1.featureCount(operations: operations.definitions.count) }
      + (globalNode ? 1 : 0)
  }

  /// The first column of `context`.
  var contextStart: Int { operations.definitions.count + quantities.count }

  /// What each feature is, in order.
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
  /// Files from before there was a context have none.
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

/// Mean and deviation in one pass (Welford, 1962).
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

  /// Of the population; 0 where there is nothing.
  var deviation: Double { count > 0 ? (squares / count).squareRoot() : 0 }
}
