/// The formula for a node's floating-point operations (FLOPs). A multiplication and an addition count as two.
///
/// With kernel height k and width l, input channels I, groups g, and output channels C of height H and width W:
///
/// | | FLOPs |
/// | --- | --- |
/// | `free` | 0 |
/// | `convolution` | 2 k l (I / g) C H W |
/// | `transposedConvolution` | 2 k l (I / g) C times the height and width of its largest input |
/// | `linear` | 2 I C H W, where H and W are 1 unless given |
/// | `window` | k l C H W |
/// | `reduction` | I times the height and width of its largest input |
/// | `elementwise` | C H W, where H and W are 1 unless given |
/// | `composite` | unknown: the operation consists of several |
///
/// Bias terms are not counted.
public enum OperationCost: String, Codable, Hashable, Sendable, CaseIterable {
  case free, convolution, transposedConvolution, linear, window, reduction, elementwise, composite

  /// Whether the FLOPs depend on the size of the node's input.
  var dependsOnInput: Bool { self == .reduction || self == .transposedConvolution }

  /// The FLOPs of `node`; nil if an attribute that the formula needs is missing.
  /// - Parameter inputPositions: The height times the width of the node's largest input. Only reductions and
  ///   transposed convolutions need it.
  public func floatingPointOperations(of node: Node, inputPositions: Double?) -> Double? {
    let positions = node.outputPositions
    func product(_ attributes: NodeAttribute...) -> Double? {
      attributes.reduce(into: 1.0 as Double?) { product, attribute in
        product = product.flatMap { product in node[attribute].map { product * Double($0) } }
      }
    }
    func kernelArea() -> Double? {
      node[.kernel].map { Double($0) * Double(node[.kernelWidth] ?? $0) }
    }
    switch self {
    case .free:
      return 0
    case .composite:
      return nil
    case .convolution:
      guard let area = kernelArea(), let channels = product(.inputChannels, .outputChannels), let positions
      else { return nil }
      return 2 * area * channels / Double(node[.groups] ?? 1) * positions
    case .transposedConvolution:
      guard let area = kernelArea(), let channels = product(.inputChannels, .outputChannels), let inputPositions
      else { return nil }
      return 2 * area * channels / Double(node[.groups] ?? 1) * inputPositions
    case .linear:
      return product(.inputChannels, .outputChannels).map { 2 * $0 * (positions ?? 1) }
    case .window:
      guard let area = kernelArea(), let channels = product(.outputChannels), let positions else { return nil }
      return area * channels * positions
    case .reduction:
      guard let channels = product(.inputChannels), let inputPositions else { return nil }
      return channels * inputPositions
    case .elementwise:
      return product(.outputChannels).map { $0 * (positions ?? 1) }
    }
  }
}
