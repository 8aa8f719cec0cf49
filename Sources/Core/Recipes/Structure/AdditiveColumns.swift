/// The one-hot features of networks: a column of ones and zeros for each pair of place and node. For networks that
/// aren't aligned (`StructuralFeatures`) they are the scaled sums of operations.
struct AdditiveColumns: CheckedStructure, Codable, Hashable, Sendable {
  let features: StructuralFeatures
  /// The pairs of place and symbol in the known networks, as place times the number of symbols plus the symbol,
  /// ascending.
  let places: [Int]

  /// - Throws: `InputError` like `StructuralFeatures`.
  init(_ graphs: [NetworkGraph]) throws {
    let features = try StructuralFeatures(graphs)
    let rows = try features.rows(of: graphs)
    let width = rows.positionCount
    var found = Set<Int>()
    for (index, symbol) in rows.symbols.enumerated() where symbol >= 0 {
      found.insert(index % max(width, 1) * features.symbols.count + Int(symbol))
    }
    self.features = features
    places = found.sorted()
  }

  var isSound: Bool {
    let count = features.positions.count * features.symbols.count
    return features.isSound && places.allSatisfy { $0 >= 0 && $0 < count }
  }

  /// Descriptions of the columns; only for aligned networks.
  var names: [String] {
    guard features.nodeCount != nil else { return features.numbers.columns.map { "sum \($0)" } }
    return places.map { place in
      let (position, symbol) = place.quotientAndRemainder(dividingBy: features.symbols.count)
      return "\(features.symbols[symbol].operation) at node \(features.positions[position])"
    }
  }

  var count: Int { features.nodeCount == nil ? features.numbers.columns.count : places.count }

  /// The features, row-major. A node that no known network has at its place has only zeros there.
  func rows(of graphs: [NetworkGraph]) throws -> [[Double]] {
    guard features.nodeCount != nil else {
      let rows = try features.rows(of: graphs)
      return (0..<rows.count).map { Array(rows.numbers[$0 * rows.numberCount..<($0 + 1) * rows.numberCount]) }
    }
    let nodes = DistinctNodes(graphs)
    let ones = try ones(of: nodes)
    return graphs.indices.map { graph in
      var result = [Double](repeating: 0, count: places.count)
      ones.forEach(of: nodes[graph]) { result[$0] = 1 }
      return result
    }
  }

  /// The columns of nodes, for aligned networks.
  /// - Throws: `InputError` that names the first network with another number of nodes.
  func ones(of nodes: DistinctNodes) throws -> NodeColumns {
    for graph in nodes.graphs { try features.requireNodeCount(of: graph) }
    return NodeColumns(self, nodes: nodes.nodes)
  }

  /// The column of each node at each place.
  struct NodeColumns {
    private let positions: [Int]
    /// For each of the positions the column of each node; -1 for none.
    private let columns: [[Int]]

    fileprivate init(_ additive: AdditiveColumns, nodes: [Node]) {
      let symbols = additive.features.symbols
      let numbers = Dictionary(zip(symbols, symbols.indices), uniquingKeysWith: { first, _ in first })
      let places = Dictionary(zip(additive.places, additive.places.indices), uniquingKeysWith: { first, _ in first })
      positions = additive.features.positions
      columns = positions.indices.map { position in
        nodes.map { node in numbers[node].flatMap { places[position * symbols.count + $0] } ?? -1 }
      }
    }

    /// Calls `body` for the columns that are 1 for a graph.
    func forEach(of graph: ArraySlice<Int32>, _ body: (_ column: Int) -> Void) {
      for (index, position) in positions.enumerated() {
        let column = columns[index][Int(graph[graph.startIndex + position])]
        if column >= 0 { body(column) }
      }
    }
  }
}

/// A linear function of such rows: an intercept and a price for each column.
struct AdditiveFunction: Codable, Hashable, Sendable {
  var intercept: Double
  var prices: [Double]

  func value(_ row: [Double]) -> Double {
    zip(row, prices).reduce(intercept) { $0 + $1.0 * $1.1 }
  }
}
