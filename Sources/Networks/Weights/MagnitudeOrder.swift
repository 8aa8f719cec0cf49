import Core

/// The importance of each inner channel of a unit by the magnitude of its weights.
struct ChannelMagnitudes {
  /// For each channel the square root of the sum of squares of its kernels, relative to the unit's mean.
  let values: [Double]

  init(_ unit: NetworkUnit, in weights: NetworkWeights) throws {
    var sums = [Double](repeating: 0, count: unit.widths.last ?? 0)
    for place in unit.channels {
      guard let tensor = weights.tensors[place.weight], place.axis < tensor.shape.count,
        tensor.shape[place.axis] == sums.count
      else {
        throw InputError(
          "the weights of the unit \(unit.name) aren't those of the whole network: \"\(place.weight)\"",
          remedy: "Channels are compared in the weights of the whole network of the same space.")
      }
      // Only kernels count: a batch norm compensates any factor.
      guard tensor.shape.count == 4 else { continue }
      let inner = tensor.shape[(place.axis + 1)...].reduce(1, *)
      for (index, value) in tensor.values.enumerated() {
        sums[index / inner % sums.count] += Double(value) * Double(value)
      }
    }
    let roots = sums.map { $0.squareRoot() }
    let mean = max(roots.reduce(0, +) / Double(max(roots.count, 1)), .leastNormalMagnitude)
    values = roots.map { $0 / mean }
  }
}

extension NetworkWeights {
  /// The same network with the inner channels of every unit in a new order: those with the largest weights come
  /// first, so that slicing keeps them.
  ///
  /// The network's function stays the same, because channels inside a unit have no order (Cai et al., 2020).
  /// - Throws: `InputError` unless these are the weights of the whole network.
  public func sortedByMagnitude(in space: some NetworkSpace) throws -> NetworkWeights {
    try check(space.fullNetwork())
    var result = self
    for unit in space.units {
      let magnitudes = try ChannelMagnitudes(unit, in: self).values
      let order = magnitudes.indices.sorted { (-magnitudes[$0], $0) < (-magnitudes[$1], $1) }
      for place in unit.channels { result.tensors[place.weight]?.reorder(axis: place.axis, by: order) }
    }
    return result
  }
}

extension NetworkWeights.Tensor {
  /// Moves the element at `order[k]` along an axis to `k`.
  fileprivate mutating func reorder(axis: Int, by order: [Int]) {
    let inner = shape[(axis + 1)...].reduce(1, *)
    let outer = shape[..<axis].reduce(1, *)
    var moved: [Float] = []
    moved.reserveCapacity(values.count)
    for block in 0..<outer {
      for source in order {
        let start = (block * order.count + source) * inner
        moved += values[start..<start + inner]
      }
    }
    values = moved
  }
}
