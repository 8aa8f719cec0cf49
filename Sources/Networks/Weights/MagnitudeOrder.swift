import Core

/// The importance of each inner channel of a unit by the magnitude of its weights.
struct ChannelMagnitudes {
  /// For each channel the square root of the sum of squares of its kernels, relative to the unit's mean.
  let values: [Double]
  /// The channels with the largest weights first.
  let order: [Int]
  /// For each of the unit's kernel sizes the squares of the values if kernels are cut to it, in the unit's order of
  /// channels; one entry for units without a choice.
  private let squares: [Int?: [Double]]

  init(_ unit: NetworkUnit, in weights: NetworkWeights) throws {
    let kernels: [Int?] = unit.kernels.isEmpty ? [nil] : unit.kernels
    let sums = try Dictionary(
      kernels.map { ($0, try Self.sums(unit, in: weights, kernel: $0)) }, uniquingKeysWith: { first, _ in first })
    let roots = (sums[unit.kernels.last] ?? []).map { $0.squareRoot() }
    let mean = max(roots.reduce(0, +) / Double(max(roots.count, 1)), .leastNormalMagnitude)
    let values = roots.map { $0 / mean }
    let order = values.indices.sorted { (-values[$0], $0) < (-values[$1], $1) }
    squares = sums.mapValues { sums in order.map { sums[$0] / mean / mean } }
    self.values = values
    self.order = order
  }

  /// The sum of the squares of the weights that a smaller choice removes.
  func lost(from choice: UnitChoice, to smaller: UnitChoice) -> Double {
    func kept(_ choice: UnitChoice) -> Double { (squares[choice.kernel] ?? []).prefix(choice.width).reduce(0, +) }
    return kept(choice) - (smaller.isDropped ? 0 : kept(smaller))
  }

  /// For each channel the sum of squares of its kernels, of which those with a choice are cut to a size.
  private static func sums(_ unit: NetworkUnit, in weights: NetworkWeights, kernel: Int?) throws -> [Double] {
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
      let (height, width) = (tensor.shape[2], tensor.shape[3])
      // The middle of a kernel is kept. A 1 x 1 convolution has no choice.
      let edge = kernel.map { height == unit.kernels.last && width == height ? (height - $0) / 2 : 0 } ?? 0
      for (index, value) in tensor.values.enumerated() {
        let (row, column) = (index / width % height, index % width)
        guard edge == 0 || (edge..<height - edge).contains(row) && (edge..<width - edge).contains(column) else {
          continue
        }
        sums[index / inner % sums.count] += Double(value) * Double(value)
      }
    }
    return sums
  }
}

extension NetworkWeights {
  /// The same network with the inner channels of every unit in a new order: those with the largest weights come
  /// first, so that slicing keeps them.
  ///
  /// The network's function stays the same, because channels inside a unit have no order (Cai et al., 2020).
  /// - Throws: `InputError` unless these are the weights of the whole network, and finite numbers.
  public func sortedByMagnitude(in space: some NetworkSpace) throws -> NetworkWeights {
    try check(space.fullNetwork())
    try checkNumbers()
    var result = self
    for unit in space.units {
      let order = try ChannelMagnitudes(unit, in: self).order
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
