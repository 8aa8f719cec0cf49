import Core

extension NetworkWeights {
  /// Initial weights: kernels from a normal distribution with variance 2 / (output channels x kernel area / groups)
  /// (He et al., 2015, by fan-out), scales 1, shifts 0, and the linear layer uniform within 1 / sqrt(features).
  ///
  /// - Parameter seed: The seed. The same seed gives the same weights on every machine.
  public init(random network: Network, seed: UInt64 = TrainingContext.current.seed) {
    var random = SeededGenerator(seed: seed)
    tensors = [:]
    for layer in network.convolutions {
      let fan = Double(layer.outputs * layer.kernel * layer.kernel) / Double(layer.groups)
      let deviation = (2 / fan).squareRoot()
      let count = layer.weightShape.reduce(1, *)
      let values = (0..<count).map { _ in Float(deviation * Self.normal(&random)) }
      tensors["\(layer.name).weight"] = Tensor(shape: layer.weightShape, values: values)
      for (name, value) in [("weight", 1), ("bias", 0), ("running_mean", 0), ("running_var", 1)] as [(String, Float)] {
        tensors["\(layer.normalization).\(name)"] = Tensor(
          shape: [layer.outputs], values: Array(repeating: value, count: layer.outputs))
      }
    }
    let bound = 1 / Double(network.features).squareRoot()
    func uniform(_ shape: [Int]) -> Tensor {
      Tensor(
        shape: shape, values: (0..<shape.reduce(1, *)).map { _ in Float(bound * (2 * random.uniform() - 1)) })
    }
    tensors["\(network.linear).weight"] = uniform([network.classes, network.features])
    tensors["\(network.linear).bias"] = uniform([network.classes])
  }

  /// A normally distributed number (Box and Muller, 1958).
  private static func normal(_ random: inout SeededGenerator) -> Double {
    let radius = (-2 * CorrectlyRounded.log(1 - random.uniform())).squareRoot()
    return radius * CorrectlyRounded.cos(2 * .pi * random.uniform())
  }
}
