extension Network {
  /// The name and shape of a weight, as in PyTorch.
  public struct Parameter: Hashable, Sendable {
    public var name: String
    public var shape: [Int]

    public var count: Int { shape.reduce(1, *) }
  }

  /// The trainable parameters: kernels, then the linear layer's matrix, then scales and shifts.
  public var parameters: [Parameter] {
    convolutions.map { Parameter(name: "\($0.name).weight", shape: $0.weightShape) }
      + [Parameter(name: "\(linear).weight", shape: [classes, features])]
      + convolutions.flatMap { layer in
        ["weight", "bias"].map { Parameter(name: "\(layer.normalization).\($0)", shape: [layer.outputs]) }
      } + [Parameter(name: "\(linear).bias", shape: [classes])]
  }

  /// The statistics that batch norms store: means and variances of channels.
  public var statistics: [Parameter] {
    convolutions.flatMap { layer in
      ["running_mean", "running_var"].map { Parameter(name: "\(layer.normalization).\($0)", shape: [layer.outputs]) }
    }
  }

  /// The number of trainable parameters.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.count } }
}
