/// A linear layer with an activation and optional layer norm before it:
///
///     f(layerNorm(x W + b))
///
/// ```swift
/// var layout = ParameterLayout()
/// let layer = Linear("hidden", inputs: 64, outputs: 128, activation: .relu, in: &layout)
/// let y = try layer(x, weights)  // rows x 128
/// ```
public struct Linear: Sendable {
  public let weight: ParameterLayout.Tensor
  public let bias: ParameterLayout.Tensor?
  public let norm: LayerNorm?
  public let activation: ElementFunction

  /// Weights are initialised uniformly within 1 / sqrt(number of inputs), biases with 0.
  ///
  /// - Parameters:
  ///   - name: The prefix of `.weight`, `.bias`, `.norm.scale` and `.norm.shift`.
  ///   - layerNorm: Whether rows are normalised before the activation.
  public init(
    _ name: String, inputs: Int, outputs: Int, bias: Bool = true, layerNorm: Bool = false,
    activation: ElementFunction = .identity, in layout: inout ParameterLayout
  ) {
    let bound = 1 / Double(max(inputs, 1)).squareRoot()
    weight = layout.add("\(name).weight", rows: inputs, columns: outputs, .uniform(bound: bound))
    self.bias = bias ? layout.add("\(name).bias", rows: 1, columns: outputs, .constant(0)) : nil
    norm = layerNorm ? LayerNorm("\(name).norm", width: outputs, in: &layout) : nil
    self.activation = activation
  }

  /// - Throws: `TapeError` when the number of columns of `x` differs from the layer's number of inputs.
  public func callAsFunction(_ x: Variable, _ weights: Weights) throws -> Variable {
    try x.linear(
      weights[weight], bias: bias.map { weights[$0] }, scale: norm.map { weights[$0.scale] },
      shift: norm.map { weights[$0.shift] }, activation: activation)
  }
}
