/// The features that kernels compare between networks. They are determined from known networks.
///
/// If all known networks have the same number of nodes, as the cells of NAS-Bench-201 and the blocks of FBNet, node i
/// of one network is compared with node i of another (the networks are *aligned*). Only places where nodes differ
/// count. Other networks are compared by the number of their nodes, elements and FLOPs by operation and resolution
/// (`OperationTerm`), which ignores the order.
struct StructuralFeatures: CheckedStructure, Codable, Hashable, Sendable {
  /// The number of nodes of each network; nil if the numbers differ.
  let nodeCount: Int?
  /// The places where nodes of known networks differ, ascending; empty if networks aren't aligned.
  let positions: [Int]
  /// The distinct nodes at these places. Rows contain their indices.
  let symbols: [Node]
  /// The operation of each symbol, as an index into `operations`.
  let operationOfSymbol: [Int]
  let operations: [NetworkOperation]
  /// The similarities of operations, row-major.
  let similarity: [Double]
  /// The terms by which networks that aren't aligned are compared; nil if they are aligned.
  let terms: [OperationTerm]?
  let numbers: ScaledColumns
  let known: OperationRegistry

  /// - Throws: `InputError` when there are no networks, all are equal, or an operation is unknown.
  init(_ graphs: [NetworkGraph], registry: OperationRegistry = .standard) throws {
    guard let first = graphs.first else { throw InputError("the data has no networks to learn from") }
    known = try registry.restricted(to: graphs.lazy.flatMap { $0.nodes.lazy.map(\.operation) })
    let isAligned = graphs.allSatisfy { $0.nodes.count == first.nodes.count }
    nodeCount = isAligned ? first.nodes.count : nil
    let positions =
      isAligned
      ? first.nodes.indices.filter { position in graphs.contains { $0.nodes[position] != first.nodes[position] } } : []
    self.positions = positions
    var found: [Node: Int] = [:]
    var symbols: [Node] = []
    for graph in graphs {
      for position in positions where found[graph.nodes[position]] == nil {
        found[graph.nodes[position]] = symbols.count
        symbols.append(graph.nodes[position])
      }
    }
    self.symbols = symbols
    let named =
      isAligned
      ? Array(Set(symbols.map(\.operation))) : Array(Set(graphs.lazy.flatMap { $0.nodes.lazy.map(\.operation) }))
    let operations = named.sorted { $0.rawValue < $1.rawValue }
    self.operations = operations
    operationOfSymbol = symbols.map { symbol in operations.firstIndex(of: symbol.operation) ?? 0 }
    similarity = operations.flatMap { left in operations.map { left.similarity(to: $0) } }
    let terms: [OperationTerm]?
    if isAligned {
      terms = nil
    } else {
      let sums = graphs.map { [known] in $0.operationSums(registry: known) }
      terms = Set(sums.lazy.flatMap(\.keys)).sorted()
    }
    self.terms = terms
    numbers = ScaledColumns(
      fitting: graphs.map { [known] in Self.numbers(of: $0, terms: terms, operations: operations, positions, known) })
    if positions.isEmpty && numbers.columns.isEmpty {
      throw InputError(
        "all \(graphs.count) known networks are equal", remedy: "Give networks that differ in some operation or size.")
    }
  }

  var isSound: Bool {
    let nodes = nodeCount ?? 0
    return positions.allSatisfy { $0 >= 0 && $0 < nodes } && operationOfSymbol.count == symbols.count
      && operationOfSymbol.allSatisfy { operations.indices.contains($0) }
      && similarity.count == operations.count * operations.count
      && numbers.isSound(width: terms?.count ?? WorkFeatures.count + operations.count)
  }

  /// A warning for the user that networks are compared by sums alone; nil if they are aligned.
  var warning: String? {
    nodeCount == nil
      ? "the known networks have different numbers of nodes: they are compared by sums of their operations, without "
        + "regard to order"
      : nil
  }

  /// A warning for each node with an operation that no known network has, and for each node at a compared place that
  /// no known network has. There is none for networks that aren't aligned, for which `rows(of:)` throws.
  func warnings(for graphs: [NetworkGraph]) -> [PredictionWarning] {
    guard let nodeCount else { return [] }
    let (compared, nodes) = (Set(positions), Set(symbols))
    let operations = Set(known.definitions.map(\.operation))
    return graphs.filter { $0.nodes.count == nodeCount }.flatMap { graph in
      graph.nodes.enumerated().compactMap { index, node -> PredictionWarning? in
        let isNew = !operations.contains(node.operation)
        let isCompared = compared.contains(index)
        guard isNew || (isCompared && !nodes.contains(node)) else { return nil }
        let fallback =
          isCompared
          ? "it is like no known node at its place"
          : "only its sizes count, because known networks are equal at its place"
        return PredictionWarning(
          network: graph.id, node: index, kind: node.operation.rawValue,
          cause: "no known network has this \(isNew ? "operation" : "node"), so \(fallback)")
      }
    }
  }

  /// Sums of operations or, for aligned networks, counts of operations and `WorkFeatures`.
  private static func numbers(
    of graph: NetworkGraph, terms: [OperationTerm]?, operations: [NetworkOperation], _ positions: [Int],
    _ registry: OperationRegistry
  ) -> [Double] {
    if let terms {
      let sums = graph.operationSums(registry: registry)
      return terms.map { sums[$0] ?? 0 }
    }
    let work = WorkFeatures.values(of: graph)
    // Counts describe the work only if sizes are unknown.
    guard work.allSatisfy({ $0 == 0 }) else { return work + operations.map { _ in 0 } }
    return work + operations.map { operation in Double(positions.count { graph.nodes[$0].operation == operation }) }
  }

  /// - Throws: `InputError` when the known networks have the same number of nodes and `graph` has another.
  func requireNodeCount(of graph: NetworkGraph) throws {
    guard let nodeCount, graph.nodes.count != nodeCount else { return }
    throw InputError(
      "\"\(graph.id)\" has \(graph.nodes.count) nodes, but the known networks have \(nodeCount)",
      remedy: "Encode it in the same way, or train on networks of different sizes too.")
  }

  /// - Throws: `InputError` that names the first network with another number of nodes, or for networks that aren't
  ///   aligned the first one with an operation that no known network has.
  func rows(of graphs: [NetworkGraph]) throws -> StructuralRows {
    let numberOfSymbol = Dictionary(zip(symbols, symbols.indices), uniquingKeysWith: { first, _ in first })
    let numberOfOperation = Dictionary(zip(operations, operations.indices), uniquingKeysWith: { first, _ in first })
    var rows = StructuralRows(positions: positions.count, operations: operations.count, numbers: numbers.columns.count)
    for graph in graphs {
      try requireNodeCount(of: graph)
      if nodeCount == nil { try graph.requireOperations(of: known) }
      for position in positions {
        rows.symbols.append(Int32(numberOfSymbol[graph.nodes[position]] ?? -1))
      }
      var counts = [Double](repeating: 0, count: operations.count)
      let counted = nodeCount == nil ? Array(graph.nodes.indices) : positions
      for position in counted {
        let operation = numberOfOperation[graph.nodes[position].operation]
        if nodeCount != nil { rows.kinds.append(Int32(operation ?? -1)) }
        if let operation { counts[operation] += 1 }
      }
      let share = Double(max(counted.count, 1))
      rows.counts += counts.map { $0 / share }
      rows.numbers += numbers.scaled(Self.numbers(of: graph, terms: terms, operations: operations, positions, known))
      rows.count += 1
    }
    return rows
  }
}

/// The features of networks that kernels compare, row-major.
struct StructuralRows: Codable, Hashable, Sendable {
  let positionCount: Int
  let operationCount: Int
  let numberCount: Int
  var count = 0
  /// The index among the symbols of the node at each place; -1 for a node that no known network has.
  var symbols: [Int32] = []
  /// The index of the operation at each place; -1 if it is unknown.
  var kinds: [Int32] = []
  /// The fraction of places with each operation.
  var counts: [Double] = []
  /// The scaled numbers.
  var numbers: [Double] = []

  init(positions: Int, operations: Int, numbers: Int) {
    positionCount = positions
    operationCount = operations
    numberCount = numbers
  }

  /// A subset of the rows.
  subscript(chosen: [Int]) -> StructuralRows {
    func pick<Value>(_ values: [Value], _ width: Int) -> [Value] {
      chosen.flatMap { values[$0 * width..<($0 + 1) * width] }
    }
    var rows = StructuralRows(positions: positionCount, operations: operationCount, numbers: numberCount)
    rows.count = chosen.count
    rows.symbols = pick(symbols, positionCount)
    rows.kinds = pick(kinds, positionCount)
    rows.counts = pick(counts, operationCount)
    rows.numbers = pick(numbers, numberCount)
    return rows
  }

  static func + (left: StructuralRows, right: StructuralRows) -> StructuralRows {
    var rows = left
    rows.count += right.count
    rows.symbols += right.symbols
    rows.kinds += right.kinds
    rows.counts += right.counts
    rows.numbers += right.numbers
    return rows
  }
}
