/// What nodes add to the sums of operation terms, computed once for each of the different nodes of many graphs. The
/// sums are those of `NetworkGraph.operationSums`, to the last bit.
struct TermColumns {
  /// For each node the values that it always adds, and the columns.
  private var values: [[(column: Int, value: Double)]] = []
  /// For each node whose FLOPs depend on the size of its input the columns of its FLOPs, else none.
  private var inputColumns: [[Int]] = []
  private let costs: [OperationCost?]
  private let nodes: [Node]
  private let hasInputColumns: Bool

  /// - Parameter terms: The terms whose sums are wanted, in the order of the columns.
  init(_ terms: [OperationTerm], nodes: [Node], registry: OperationRegistry) {
    let columns = Dictionary(zip(terms, terms.indices), uniquingKeysWith: { first, _ in first })
    costs = nodes.map { registry[$0.operation]?.cost }
    for (node, cost) in zip(nodes, costs) {
      let dependsOnInput = cost?.dependsOnInput ?? false
      let flops = dependsOnInput ? nil : cost?.floatingPointOperations(of: node, inputPositions: nil)
      var some: [(column: Int, value: Double)] = []
      var open: [Int] = []
      for resolution in node.termResolutions {
        for (measure, value) in [(OperationTerm.Measure.count, 1), (.size, node.outputSize), (.flops, flops)] {
          let term = OperationTerm(operation: node.operation, resolution: resolution, measure: measure)
          guard let column = columns[term] else { continue }
          if measure == .flops, dependsOnInput { open.append(column) }
          if let value, value > 0 { some.append((column, value)) }
        }
      }
      values.append(some)
      inputColumns.append(open)
    }
    self.nodes = nodes
    hasInputColumns = inputColumns.contains { !$0.isEmpty }
  }

  /// Adds the sums of a graph to the first elements of `row`.
  ///
  /// - Parameter numbers: The indices of the graph's nodes.
  func add(_ numbers: ArraySlice<Int32>, of graph: NetworkGraph, to row: inout [Double]) {
    for number in numbers {
      for (column, value) in values[Int(number)] { row[column] += value }
    }
    guard hasInputColumns, numbers.contains(where: { !inputColumns[Int($0)].isEmpty }) else { return }
    for (number, positions) in zip(numbers, graph.inputPositions) where !inputColumns[Int(number)].isEmpty {
      let flops = costs[Int(number)]?.floatingPointOperations(of: nodes[Int(number)], inputPositions: positions)
      guard let flops, flops > 0 else { continue }
      for column in inputColumns[Int(number)] { row[column] += flops }
    }
  }
}
