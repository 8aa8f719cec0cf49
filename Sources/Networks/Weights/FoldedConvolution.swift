/// A convolution with bias that computes what a convolution and its batch norm do with the stored means and variances.
struct FoldedConvolution {
  /// Row-major, in the shape of the convolution's weights.
  let kernels: [Float]
  /// One for each output channel.
  let bias: [Float]

  /// - Parameter weights: Have been checked to be those of the layer's network.
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
