import Core

extension NetworkSpace {
  /// The network that is left when what has the smallest weights is taken away, until at most `share` of the operations
  /// of the whole network are left.
  ///
  /// Each step narrows the unit in which the channels that go, by the sum of squares of their magnitudes (relative to
  /// the unit's mean), cost the least for each operation that is saved. The weights that remain are the first of each
  /// unit in `weights.sortedByMagnitude(in:)`.
  ///
  /// - Parameters:
  ///   - weights: Of the whole network.
  ///   - share: Between that of the smallest network and 1.
  /// - Throws: `InputError` when the weights are others or no network is that small.
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
