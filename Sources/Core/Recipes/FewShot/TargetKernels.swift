import Numerics

/// The kernels of a new device's function between networks, given the known devices' functions:
///
/// 0. the product of the means of the known devices' functions, divided by the mean's variance;
/// 1. the product of each function's differences from the mean, divided by their variance and the number of devices;
/// 2. counts, 3. neighbourhood, 4. additive, 5. product, 6. work, as in `StructuralKernels`.
struct TargetKernels {
  let known: KnownDevices
  let structural: StructuralKernels

  init(_ known: KnownDevices) {
    self.known = known
    structural = StructuralKernels(known.features)
  }

  static let count = 7
  /// The prior weight of each kernel and of the noise, as fractions of the known functions' variance.
  static let prior = [1, 0.15, 0.05, 0.1, 0.05, 0.05, 0.1, 0.03]
  /// The variance of the constant.
  static let constant = 10.0

  /// The kernels between one network and all anchors.
  func values(_ networks: KnownNetworks, _ row: Int, _ anchors: KnownNetworks) -> [[Double]] {
    let structural = structural.targetKernels(networks.rows, row, anchors.rows)
    let sources = networks.sourceCount
    let means = anchors.means.map { networks.means[row] * $0 / known.meanVariance }
    let scale = 1 / (known.deviationVariance * Double(max(sources, 1)))
    let deviations = (0..<anchors.rows.count).map { anchor in
      guard sources > 1 else { return 0.0 }
      var sum = 0.0
      for source in 0..<sources {
        sum += networks.deviations[row * sources + source] * anchors.deviations[anchor * sources + source]
      }
      return sum * scale
    }
    return [means, deviations, structural[2], structural[3], structural[0], structural[1], structural[4]]
  }

  /// The kernels between all networks, row by row.
  func square(_ networks: KnownNetworks) -> [[Double]] {
    var result = [[Double]](repeating: [], count: Self.count)
    for row in 0..<networks.rows.count {
      let values = values(networks, row, networks)
      for kernel in values.indices { result[kernel] += values[kernel] }
    }
    return result
  }

  /// The weighted sum of the kernels between one network and all anchors, with the constant.
  func covariances(
    _ networks: KnownNetworks, _ row: Int, _ anchors: KnownNetworks, weights: [Double]
  ) -> [Double] {
    let values = values(networks, row, anchors)
    return (0..<anchors.rows.count).map { anchor in
      values.indices.reduce(Self.constant) { $0 + weights[$1] * values[$1][anchor] }
    }
  }
}
