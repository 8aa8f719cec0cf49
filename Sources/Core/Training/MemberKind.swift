/// What members of an ensemble have in common with each other and not with members of another kind: their shape, and what
/// nodes are told of their graph before the first layer.
public struct MemberKind: Codable, Hashable, Sendable {
  public var configuration: GCN.Configuration
  public var context: [NodeContext]

  public init(_ configuration: GCN.Configuration, context: [NodeContext] = []) {
    self.configuration = configuration
    self.context = context
  }

  /// From one layer, which knows of a node's neighbours what it is told and sums that over the graph, to four that also
  /// know what lies anywhere before and behind a node.
  ///
  /// Where latencies are noisy, or nodes hardly influence each other, few samples teach the shallow ones more; where it
  /// matters what lies around a node, the deep ones. Which a device needs, `trainEnsemble` finds out.
  public static let recommended = [
    MemberKind(GCN.Configuration(layers: 1, hiddenUnits: 128), context: [.successors, .degrees]),
    MemberKind(GCN.Configuration(layers: 2, hiddenUnits: 64), context: [.predecessors, .successors, .degrees]),
    MemberKind(GCN.Configuration(layers: 3, hiddenUnits: 64), context: [.ancestors, .descendants, .degrees]),
    MemberKind(
      GCN.Configuration(layers: 4, hiddenUnits: 64, dropout: 0.05), context: [.ancestors, .descendants, .degrees]),
  ]
}
