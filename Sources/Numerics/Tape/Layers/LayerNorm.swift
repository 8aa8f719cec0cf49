/// Layer norm (Ba, Kiros and Hinton, 2016) of each row:
///
///     scale * (x - mean(x)) / sqrt(variance(x) + 1e-5) + shift
///
/// ```swift
/// let norm = LayerNorm("norm", width: 64, in: &layout)
/// let y = try norm(x, weights)
/// ```
public struct LayerNorm: Sendable {
  public let scale: ParameterLayout.Tensor
  public let shift: ParameterLayout.Tensor

  /// The initial scale is 1, and the initial shift 0.
  public init(_ name: String, width: Int, in layout: inout ParameterLayout) {
    scale = layout.add("\(name).scale", rows: 1, columns: width, .constant(1))
    shift = layout.add("\(name).shift", rows: 1, columns: width, .constant(0))
  }

  /// - Throws: `TapeError` when `x` has another width.
  public func callAsFunction(_ x: Variable, _ weights: Weights) throws -> Variable {
    try x.unit(scale: weights[scale], shift: weights[shift])
  }
}
