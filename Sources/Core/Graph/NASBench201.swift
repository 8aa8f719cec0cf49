/// The cells of NAS-Bench-201 (Dong and Yang, 2020) as graphs.
///
/// A cell connects four feature maps by six edges, each with one of five operations. Its string lists, for the maps 1
/// to 3, the operations that lead to them: `|op~0|+|op~0|op~1|+|op~0|op~1|op~2|`, where `op~n` comes from map n.
public enum NASBench201 {
  /// The maps that each edge connects, in the order of the strings.
  static let edges = [(0, 1), (0, 2), (1, 2), (0, 3), (1, 3), (2, 3)]

  /// The five operations, in the benchmark's order.
  public static let operations: [NetworkOperation] = [
    .noOperation, .skipConnect, .cellConvolution1x1, .cellConvolution3x3, .cellAveragePool3x3,
  ]

  /// How the cell's edges become nodes of the graph.
  public enum Form: String, Codable, Hashable, Sendable {
    /// The form in which LatBench (BRP-NAS) builds its networks: a `none` edge removes its node, a `skip_connect` is
    /// bypassed, and nodes on no path from input to output are removed.
    case pruned
    /// The form that HELP and HW-NAS-Bench measure: all six edges, including dead branches.
    case unpruned
  }
}

extension NetworkOperation {
  /// The operation `none` of NAS-Bench-201: the edge carries zeros.
  public static let noOperation: NetworkOperation = "none"
  public static let skipConnect: NetworkOperation = "skip_connect"
  /// ReLU, convolution and batch normalisation with a 1x1 window, in a NAS-Bench-201 cell.
  public static let cellConvolution1x1: NetworkOperation = "nor_conv_1x1"
  /// ReLU, convolution and batch normalisation with a 3x3 window, in a NAS-Bench-201 cell.
  public static let cellConvolution3x3: NetworkOperation = "nor_conv_3x3"
  public static let cellAveragePool3x3: NetworkOperation = "avg_pool_3x3"
}

extension NASBench201 {
  /// One of the 15,625 cells.
  ///
  /// ```swift
  /// let cell = try NASBench201.Cell("|nor_conv_3x3~0|+|none~0|skip_connect~1|+|none~0|none~1|nor_conv_1x1~2|")
  /// let graph = cell.graph(id: "7", .pruned)
  /// ```
  public struct Cell: Hashable, Sendable, CustomStringConvertible {
    /// Six of `NASBench201.operations`, in the order of the string.
    public let operations: [NetworkOperation]

    /// - Throws: `InputError` unless these are six of the benchmark's operations.
    public init(operations: [NetworkOperation]) throws {
      guard operations.count == NASBench201.edges.count else {
        throw InputError(
          "a NAS-Bench-201 cell has 6 operations, not \(operations.count)",
          remedy: "They belong to the edges 0-1, 0-2, 1-2, 0-3, 1-3, 2-3, in this order.")
      }
      if let unknown = operations.first(where: { !NASBench201.operations.contains($0) }) {
        throw NASBench201.unknown(unknown.rawValue)
      }
      self.operations = operations
    }

    /// The cell's string.
    public var description: String {
      var text = ""
      for (edge, operation) in zip(NASBench201.edges, operations) {
        if edge.0 == 0 { text += edge.1 == 1 ? "|" : "+|" }
        text += "\(operation)~\(edge.0)|"
      }
      return text
    }

    /// Whether data can flow from the cell's input to its output.
    public var isConnected: Bool { !NASBench201.prune(operations).live.isEmpty }

    /// The cell as a graph of 8 nodes: the input, the six edges in the order of the string, and the output.
    ///
    /// In the pruned form a node that doesn't run becomes `removed` and has no edges, so that every cell has 8 nodes.
    public func graph(
      id: String, _ form: Form, properties: [String: Double] = [:]
    ) -> NetworkGraph {
      NASBench201.graph(operations, id: id, form, properties: properties)
    }
  }

  static func unknown(_ name: String) -> InputError {
    InputError(
      "\"\(name)\" is not an operation of NAS-Bench-201",
      remedy: InputError.remedy(unknown: name, among: operations.map(\.rawValue), called: "operations"))
  }
}
