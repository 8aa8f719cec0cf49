/// The features of a network for a linear model: the operation at each place, one-hot, if all networks have the same
/// number of nodes and differ in their operations alone; otherwise the sums of `OperationTerm`.
struct PlaceFeatures: CheckedStructure, Codable, Hashable, Sendable {
  let operations: OperationRegistry
  /// The number of nodes of every network; nil if the numbers or the sizes of nodes differ.
  let nodeCount: Int?
  /// The terms, if there is no number of nodes.
  let terms: [OperationTerm]

  /// - Throws: `InputError` when an operation is unknown.
  init(_ graphs: [NetworkGraph]) throws {
    let operations = try OperationRegistry.standard.restricted(
      to: graphs.lazy.flatMap { $0.nodes.lazy.map(\.operation) })
    self.operations = operations
    nodeCount = Self.differOnlyInOperations(graphs) ? graphs.first?.nodes.count : nil
    terms =
      nodeCount == nil ? Set(graphs.flatMap { $0.operationSums(registry: operations).keys }).sorted() : []
  }

  /// Whether all networks have the same number of nodes, and the operation at a place determines its node.
  private static func differOnlyInOperations(_ graphs: [NetworkGraph]) -> Bool {
    guard let first = graphs.first, graphs.allSatisfy({ $0.nodes.count == first.nodes.count }) else { return false }
    return first.nodes.indices.allSatisfy { place in
      var known: [NetworkOperation: Node] = [:]
      return graphs.allSatisfy { graph in
        let node = graph.nodes[place]
        return known.updateValue(node, forKey: node.operation).map { $0 == node } ?? true
      }
    }
  }

  /// - Throws: `InputError` when a graph has an operation or a number of nodes that no known graph had.
  func rows(of graphs: [NetworkGraph]) throws -> [[Double]] {
    try graphs.map { graph in
      try graph.requireOperations(of: operations)
      guard let nodeCount else {
        let sums = graph.operationSums(registry: operations)
        return terms.map { sums[$0] ?? 0 }
      }
      guard graph.nodes.count == nodeCount else {
        throw InputError(
          "\"\(graph.id)\" has \(graph.nodes.count) nodes, but all known networks have \(nodeCount)",
          remedy: "Predict networks of the search space of the training networks.")
      }
      let width = operations.definitions.count
      var row = [Double](repeating: 0, count: nodeCount * width)
      for (place, node) in graph.nodes.enumerated() {
        if let column = operations.position(of: node.operation) { row[place * width + column] = 1 }
      }
      return row
    }
  }
}

/// A linear function of these features, fitted by robust ridge regression on relative errors.
struct PlaceModel: Codable, Hashable, Sendable {
  let columns: [Int]
  let coefficients: [Double]
  let intercept: Double

  init(rows: [[Double]], targets: [Double], latencies: [Double], penalty: Double) throws {
    let solution = try RobustRegression.fit(
      rows: rows, targets: targets, relativeTo: latencies, penalty: penalty)
    columns = solution.columns
    coefficients = solution.coefficients
    intercept = solution.intercept
  }

  func value(_ row: [Double]) -> Double {
    zip(columns, coefficients).reduce(intercept) { $0 + $1.1 * row[$1.0] }
  }

  /// Whether the model has this number of inputs.
  func reads(_ width: Int) -> Bool {
    columns.count == coefficients.count && columns.allSatisfy { 0..<width ~= $0 }
  }
}

extension PlaceFeatures {
  var isSound: Bool { nodeCount.map { (0...1_000_000).contains($0) } ?? true }

  var width: Int { nodeCount.map { $0 * operations.definitions.count } ?? terms.count }
}
