/// A transformer layer (Vaswani and others, 2017) with pre-norm (Xiong and others, 2020):
///
///     x = x + attention(norm(x));  x = x + W2 gelu(W1 norm(x) + b1) + b2
///
/// Each row attends to the rows of its own segment. If a segment has the nodes of a graph, this is a graph
/// transformer, whose bias encodes the relation of two nodes (Ying and others, 2021).
///
/// ```swift
/// let layer = TransformerLayer("layers.0", width: 64, heads: 4, in: &layout)
/// let y = try layer(x, Segments(lengths: [9, 7]), weights)
/// ```
public struct TransformerLayer: Sendable {
  public let heads: Int
  public let firstNorm: LayerNorm
  /// The linear layer from a row to its queries, keys and values, concatenated.
  public let packed: Linear
  public let output: Linear
  public let secondNorm: LayerNorm
  public let up: Linear
  public let down: Linear

  /// - Parameters:
  ///   - width: The width of a row, a multiple of `heads`.
  ///   - inner: The width between the two linear layers; nil for four times `width`.
  public init(
    _ name: String, width: Int, heads: Int, inner: Int? = nil, activation: ElementFunction = .gelu,
    in layout: inout ParameterLayout
  ) {
    self.heads = heads
    firstNorm = LayerNorm("\(name).norm1", width: width, in: &layout)
    packed = Linear("\(name).attention.packed", inputs: width, outputs: 3 * width, in: &layout)
    output = Linear("\(name).attention.output", inputs: width, outputs: width, in: &layout)
    secondNorm = LayerNorm("\(name).norm2", width: width, in: &layout)
    let inner = inner ?? 4 * width
    up = Linear("\(name).up", inputs: width, outputs: inner, activation: activation, in: &layout)
    down = Linear("\(name).down", inputs: inner, outputs: width, in: &layout)
  }

  /// - Parameter bias: The bias of `Variable.attention`.
  /// - Throws: `TapeError` when shapes don't fit.
  public func callAsFunction(
    _ x: Variable, _ segments: Segments, bias: Variable? = nil, _ weights: Weights
  ) throws -> Variable {
    let attention = try packed(firstNorm(x, weights), weights)
      .attention(within: segments, heads: heads, bias: bias)
    let x = try x + output(attention, weights)
    return try x + down(up(secondNorm(x, weights), weights), weights)
  }
}
