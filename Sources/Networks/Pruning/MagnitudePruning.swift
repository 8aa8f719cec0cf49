import Core

extension NetworkSpace {
  /// The network that remains when the channels with the smallest weights are removed, until at most the fraction
  /// `share` of the whole network's operations is left.
  ///
  /// Each step narrows the unit, or cuts its kernels, whose removed weights have the least sum of squares (relative to
  /// the unit's mean) per saved operation. The remaining weights are the first ones of each unit in
  /// `weights.sortedByMagnitude(in:)`.
  ///
  /// - Parameters:
  ///   - weights: The weights of the whole network.
  ///   - share: A fraction between that of the smallest network and 1.
  /// - Throws: `InputError` when the weights don't belong to the space or aren't finite, or no network is that small.
  public func pointByMagnitude(_ weights: NetworkWeights, floatingPointOperations share: Double) throws -> Point {
    try weights.check(fullNetwork())
    try weights.checkNumbers()
    let target = try pruningTarget(share)
    let units = units
    let magnitudes = try units.map { try ChannelMagnitudes($0, in: weights) }
    var choices = units.map(\.full)
    var operations = try fullNetwork().floatingPointOperations
    while operations > target {
      var best: (index: Int, choice: UnitChoice, operations: Double, cost: Double)?
      for (index, unit) in units.enumerated() {
        for next in unit.smallerChoices(than: choices[index]) {
          var candidate = choices
          candidate[index] = next
          let left = try network(at: Point(candidate, in: self)).floatingPointOperations
          let cost = magnitudes[index].lost(from: choices[index], to: next) / max(operations - left, 1)
          if cost < best?.cost ?? .infinity { best = (index, next, left, cost) }
        }
      }
      guard let best else { break }
      choices[best.index] = best.choice
      operations = best.operations
    }
    return Point(choices, in: self)
  }
}
