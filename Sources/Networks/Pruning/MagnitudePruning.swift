import Core

extension NetworkSpace {
  /// The network that remains when the channels with the smallest weights are removed, until at most the fraction
  /// `share` of the whole network's operations is left.
  ///
  /// Each step narrows the unit whose removed channels have the least sum of squared magnitudes (relative to the
  /// unit's mean) per saved operation. The remaining weights are the first ones of each unit in
  /// `weights.sortedByMagnitude(in:)`.
  ///
  /// - Parameters:
  ///   - weights: The weights of the whole network.
  ///   - share: A fraction between that of the smallest network and 1.
  /// - Throws: `InputError` when the weights don't belong to the space or no network is that small.
  public func pointByMagnitude(_ weights: NetworkWeights, floatingPointOperations share: Double) throws -> Point {
    try weights.check(fullNetwork())
    let target = try pruningTarget(share)
    let units = units
    let magnitudes = try units.map { unit in
      try ChannelMagnitudes(unit, in: weights).values.sorted(by: >).map { $0 * $0 }
    }
    var choices = units.map(\.full)
    var operations = try fullNetwork().floatingPointOperations
    while operations > target {
      var best: (index: Int, choice: UnitChoice, operations: Double, cost: Double)?
      for (index, unit) in units.enumerated() {
        guard let next = unit.smaller(than: choices[index]) else { continue }
        var candidate = choices
        candidate[index] = next
        let left = try network(at: Point(candidate, in: self)).floatingPointOperations
        let lost = magnitudes[index][next.width..<choices[index].width].reduce(0, +)
        let cost = lost / max(operations - left, 1)
        if cost < best?.cost ?? .infinity { best = (index, next, left, cost) }
      }
      guard let best else { break }
      choices[best.index] = best.choice
      operations = best.operations
    }
    return Point(choices, in: self)
  }
}
