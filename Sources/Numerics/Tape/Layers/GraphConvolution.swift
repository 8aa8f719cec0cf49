/// A graph convolution (Kipf and Welling, 2017) as in BRP-NAS (Dudziak and others, 2020):
///
///     f(layerNorm(A X W + b))
///
/// `A` sums neighbours. It is applied before or after the product, whichever gives the product fewer rows.
///
/// ```swift
/// let layer = GraphConvolution("layers.0", inputs: 6, units: 64, in: &layout)
/// let y = try layer(x, neighbours, weights)
/// ```
public struct GraphConvolution: Sendable {
  public let linear: Linear

  /// - Parameter name: The prefix of `.weight`, `.bias`, `.norm.scale` and `.norm.shift`.
  public init(
    _ name: String, inputs: Int, units: Int, layerNorm: Bool = true, activation: ElementFunction = .relu,
    in layout: inout ParameterLayout
  ) {
    linear = Linear(
      name, inputs: inputs, outputs: units, layerNorm: layerNorm, activation: activation, in: &layout)
  }

  /// - Parameter neighbours: The matrix `A`; nil if the rows of `x` are sums already.
  /// - Throws: `TapeError` when shapes don't fit.
  public func callAsFunction(
    _ x: Variable, _ neighbours: SparseMatrix?, _ weights: Weights
  ) throws -> Variable {
    guard let neighbours else { return try linear(x, weights) }
    if neighbours.rowCount < x.rows { return try linear(neighbours.sums(of: x), weights) }
    return try x.product(weights[linear.weight]).unit(
      sums: neighbours, bias: linear.bias.map { weights[$0] }, scale: linear.norm.map { weights[$0.scale] },
      shift: linear.norm.map { weights[$0.shift] }, activation: linear.activation)
  }
}
