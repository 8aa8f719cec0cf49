/// A number of a node that an encoding can use as a feature, on a logarithmic scale.
public enum NodeQuantity: String, Codable, Hashable, Sendable, CaseIterable {
  case kernel
  case stride
  case inputChannels = "in_channels"
  case outputChannels = "out_channels"
  /// The height times the width of the output.
  case size
  /// The floating-point operations by `OperationCost`.
  case floatingPointOperations = "flops"

  /// The value; nil where the node lacks an attribute that it needs.
  func value(of node: Node, cost: OperationCost?, inputPositions: Double?) -> Double? {
    switch self {
    case .kernel: node[.kernel].map(Double.init)
    case .stride: node[.stride].map(Double.init)
    case .inputChannels: node[.inputChannels].map(Double.init)
    case .outputChannels: node[.outputChannels].map(Double.init)
    case .size: node.outputPositions
    case .floatingPointOperations:
      cost?.floatingPointOperations(of: node, inputPositions: inputPositions)
    }
  }
}
