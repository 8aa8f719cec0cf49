/// A convolution with bias that is equivalent to a convolution and its batch norm with the stored means and
/// variances.
struct FoldedConvolution {
  /// The kernels in row-major order, in the shape of the convolution's weights.
  let kernels: [Float]
  /// The bias of each output channel.
  let bias: [Float]

  /// - Parameter weights: The weights, already checked to belong to the layer's network.
  init(_ layer: Network.Convolution, _ weights: NetworkWeights, epsilon: Double = 1e-5) {
    func values(_ name: String) -> [Float] { weights.tensors[name]?.values ?? [] }
    let norm = layer.normalization
    let (scale, shift) = (values("\(norm).weight"), values("\(norm).bias"))
    let (mean, variance) = (values("\(norm).running_mean"), values("\(norm).running_var"))
    let factors = scale.indices.map { Double(scale[$0]) / (Double(variance[$0]) + epsilon).squareRoot() }
    let size = layer.weightShape[1...].reduce(1, *)
    kernels = values("\(layer.name).weight").enumerated().map { Float(Double($1) * factors[$0 / size]) }
    bias = shift.indices.map { Float(Double(shift[$0]) - Double(mean[$0]) * factors[$0]) }
  }
}
