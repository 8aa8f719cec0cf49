/// A warning that a network is predicted by a fallback: it has an operation, a kernel or a size that the predictor
/// doesn't know.
///
/// ```swift
/// for warning in predictor.warnings(for: graphs) { print(warning) }
/// // node 4 of "wide" (softmax): the table has no kernel of this family, so its time is that of the roofline
/// ```
public struct PredictionWarning: Codable, Hashable, Sendable, CustomStringConvertible {
  /// The id of the network.
  public var network: String
  /// The index of the node among the network's nodes, from 0; for a kernel, that of its first node.
  public var node: Int
  /// The name of the node's operation, or the kind of the kernel, as in "conv+relu".
  public var kind: String
  /// What the predictor doesn't know, and how it predicts nevertheless.
  public var cause: String

  public init(network: String, node: Int, kind: String, cause: String) {
    self.network = network
    self.node = node
    self.kind = kind
    self.cause = cause
  }

  public var description: String { "node \(node) of \"\(network)\" (\(kind)): \(cause)" }
}

extension [NetworkGraph] {
  /// The operations of all networks, each once, sorted by name.
  var operations: [NetworkOperation] {
    Set(lazy.flatMap { $0.nodes.lazy.map(\.operation) }).sorted { $0.rawValue < $1.rawValue }
  }

  /// A warning for each node with an operation that isn't one of `known`.
  ///
  /// - Parameter fallback: How such a node is predicted, as a clause after "so".
  func warnings(outside known: [NetworkOperation], fallback: String) -> [PredictionWarning] {
    let known = Set(known)
    return flatMap { graph in
      graph.nodes.enumerated().compactMap { index, node -> PredictionWarning? in
        guard !known.contains(node.operation) else { return nil }
        return PredictionWarning(
          network: graph.id, node: index, kind: node.operation.rawValue,
          cause: "no known network has this operation, so \(fallback)")
      }
    }
  }
}
