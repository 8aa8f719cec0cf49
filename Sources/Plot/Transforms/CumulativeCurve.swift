/// The empirical distribution of values: which share of them is at most x.
public struct CumulativeCurve: Codable, Hashable, Sendable {
  /// Where the curve rises, ascending, and the share reached there; a point of share 0 stands first.
  public var x: [Double]
  public var share: [Double]

  /// The curve of all finite values, from `start`, which is at most the least of them.
  ///
  /// Equal values make one step. The steps' upper corners are joined by straight lines, which for more than a few dozen
  /// values can't be told from steps.
  public init(_ values: some Sequence<Double>, from start: Double = 0) {
    let sorted = Quantiles(values).sorted
    x = [min(start, sorted.first ?? start)]
    share = [0]
    for (position, value) in sorted.enumerated() where position + 1 == sorted.count || sorted[position + 1] != value {
      x.append(value)
      share.append(Double(position + 1) / Double(sorted.count))
    }
  }
}
