/// The empirical distribution function of values as a step curve: the fraction of values that are at most x.
public struct CumulativeCurve: Codable, Hashable, Sendable {
  /// The corners of the steps, from left to right: two for every distinct value, at the fraction before it and the
  /// fraction that it reaches.
  public var x: [Double]
  public var share: [Double]

  /// The curve of all finite values between `start` and `end`. Values outside are not drawn.
  ///
  /// - Parameters:
  ///   - start: The start of the line, at a fraction of 0 unless values are below it.
  ///   - end: The end of the line; nil for the greatest value.
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
