import Core
import Plot

extension DirectedGraph {
  /// A network's nodes and edges. Each node shows its operation and window, and below them the size of its output.
  public init(_ graph: NetworkGraph) {
    do {
      try self.init(
        nodes: graph.nodes.map { node in
          Node(Self.label(of: node), operation: Self.name(of: node.operation), annotation: Self.shape(of: node))
        },
        edges: graph.edges.map { (from: $0.source, to: $0.target) })
    } catch {
      preconditionFailure("a network's edges join different nodes of its own, as NetworkGraph has checked: \(error)")
    }
  }

  /// The label of a node, such as `avg pool 3×3, /2`: the operation, its window, and its stride if it is more than 1.
  private static func label(of node: Core.Node) -> String {
    let height = node[.kernel]
    let window = height.map { " \($0)×\(node[.kernelWidth] ?? $0)" } ?? ""
    let stride = node[.stride].flatMap { $0 > 1 ? ", /\($0)" : nil } ?? ""
    return name(of: node.operation) + window + stride
  }

  private static func name(of operation: NetworkOperation) -> String {
    operation.rawValue.split(separator: "_").joined(separator: " ")
  }

  /// The shape of a node's output, such as `64 × 32 × 32`, as far as it is known.
  private static func shape(of node: Core.Node) -> String? {
    let sizes = [node[.outputChannels], node[.height], node[.width]].compactMap { $0.map(String.init) }
    return sizes.isEmpty ? nil : sizes.joined(separator: " × ")
  }
}

extension Chart {
  /// A network as a directed graph from top to bottom, with operations in colours. Long networks have several
  /// columns.
  ///
  /// ```swift
  /// show(Chart.network(data.graphs[0], title: "The smallest network"))
  /// ```
  /// - Parameter columns: The number of columns; nil chooses it by the shape of the picture.
  public static func network(_ graph: NetworkGraph, title: Phrase? = nil, columns: Int? = nil) -> Chart {
    network(DirectedGraph(graph), title: title, columns: columns)
  }
}
