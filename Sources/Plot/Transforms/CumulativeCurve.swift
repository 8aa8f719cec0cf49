/// The empirical distribution of values as a line of steps: which share of them is at most x.
public struct CumulativeCurve: Codable, Hashable, Sendable {
  /// The corners of the steps, from left to right: two for every different value, at the share below it and the share
  /// it reaches.
  public var x: [Double]
  public var share: [Double]

  /// The curve of all finite values between `start` and `end`; values beyond them are beyond the line.
  ///
  /// - Parameters:
  ///   - start: Where the line begins, at a share of 0 unless values are below.
  ///   - end: Where it ends; nil for the greatest value.
  public init(_ values: some Sequence<Double>, from start: Double = 0, to end: Double? = nil) {
    let quantiles = Quantiles(values)
    let sorted = quantiles.sorted
    x = [start]
    share = [quantiles.share(atMost: start)]
    for (position, value) in sorted.enumerated() where value > start && value <= end ?? .infinity {
      let isLastOfItsValue = position + 1 == sorted.count || sorted[position + 1] != value
      guard isLastOfItsValue else { continue }
      x += [value, value]
      share += [share[share.count - 1], Double(position + 1) / Double(sorted.count)]
    }
    if let end, end > x[x.count - 1] {
      x.append(end)
      share.append(share[share.count - 1])
    }
  }
}
