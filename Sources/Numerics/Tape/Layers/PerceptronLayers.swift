/// A multilayer perceptron: a sequence of linear layers, all but the last with an activation.
///
///     x_(i+1) = f(x_i W_i + b_i)
///
/// ```swift
/// let network = PerceptronLayers("network", widths: [64, 256, 256, 1], in: &layout)
/// let y = try network(x, weights)  // rows x 1
/// ```
public struct PerceptronLayers: Sendable {
  public let layers: [Linear]
  public let dropout: Double

  /// - Parameters:
  ///   - widths: The width of the input, followed by that of each layer's output.
  ///   - layerNorm: Whether hidden layers are normalised before the activation.
  ///   - dropout: The probability that an output of a hidden layer is 0 while training.
  public init(
    _ name: String, widths: [Int], layerNorm: Bool = false, activation: ElementFunction = .relu, dropout: Double = 0,
    in layout: inout ParameterLayout
  ) {
    var layers: [Linear] = []
    for (index, (inputs, outputs)) in zip(widths, widths.dropFirst()).enumerated() {
      let isLast = index == widths.count - 2
      layers.append(
        Linear(
          "\(name).\(index)", inputs: inputs, outputs: outputs, layerNorm: layerNorm && !isLast,
          activation: isLast ? .identity : activation, in: &layout))
    }
    self.layers = layers
    self.dropout = dropout
  }

  /// - Parameter dropoutSeed: The seed of dropout while training; nil for predictions.
  /// - Throws: `TapeError` when the width of `x` differs from the first layer's number of inputs.
  public func callAsFunction(_ x: Variable, _ weights: Weights, dropoutSeed: UInt64? = nil) throws -> Variable {
    var x = x
    for (index, layer) in layers.enumerated() {
      x = try layer(x, weights)
      if let dropoutSeed, dropout > 0, index < layers.count - 1 {
        x = try x.dropout(probability: dropout, seed: dropoutSeed &+ UInt64(truncatingIfNeeded: index) &* 0x9E37_79B9)
      }
    }
    return x
  }
}
