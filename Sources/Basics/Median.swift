extension Collection<Double> {
  /// The middle value, or the mean of the two middle values; nil without values.
  package var median: Double? {
    let sorted = sorted()
    let middle = sorted.count / 2
    if sorted.isEmpty { return nil }
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
