/// What surrounds the nodes of a network, as a row of numbers: for each operation the sum, over its nodes, of each of
/// their `NodeContext` features. Of two networks with the same operations in another order, the rows differ.
struct ContextSums: CheckedStructure, Codable, Hashable, Sendable {
  private let encoding: GraphEncoding

  /// - Throws: `InputError` when there are no networks, or an operation is unknown.
  init(fitting graphs: [NetworkGraph], context: [NodeContext], registry: OperationRegistry = .standard) throws {
    encoding = try GraphEncoding(
      fitting: graphs, quantities: [], context: context, globalNode: false, registry: registry)
  }

  private var operations: Int { encoding.operations.definitions.count }
  private var width: Int { encoding.featureCount - encoding.contextStart }

  var count: Int { operations * width }

  var isSound: Bool { encoding.quantities.isEmpty && !encoding.globalNode }

  /// Descriptions of the columns.
  var names: [String] {
    let features = encoding.featureNames
    return features.prefix(operations).flatMap { operation in
      features[encoding.contextStart...].map { "\($0) of \(operation)" }
    }
  }

  /// - Throws: `InputError` when a graph has an operation that no known network has.
  func rows(of graphs: [NetworkGraph]) throws -> [[Double]] {
    let encoded = try encoding.encode(graphs)
    return graphs.indices.map { graph in
      var row = [Double](repeating: 0, count: count)
      for (index, node) in graphs[graph].nodes.enumerated() {
        let start = (encoded.nodeOffsets[graph] + index) * encoded.featureCount + encoding.contextStart
        guard let operation = encoding.operations.position(of: node.operation) else { continue }
        for column in 0..<width {
          row[operation * width + column] += Double(encoded.features[start + column])
        }
      }
      return row
    }
  }
}
