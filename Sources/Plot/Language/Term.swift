/// The fixed words of charts, with their places for numbers as `{0}`, `{1}`, ...
public enum Term: String, Codable, Hashable, Sendable, CaseIterable {
  case epoch
  case loss
  case logarithmicScale
  case lossCurves
  case training
  case validation
  /// Epoch, value.
  case bestEpoch
  case bestEpochMark
  /// Run, first, last, epochs.
  case lossSummary
  /// Summary of the course, epoch, value.
  case bestSummary
  case relativeError
  case absoluteRelativeError
  case relativeErrors
  case cumulativeErrors
  case predictedAgainstMeasured
  case measured
  case predicted
  case samples
  case shareOfSamples
  case median
  /// Percentage.
  case medianValue
  /// Count beyond the axis.
  case beyondAxis
  /// Percentage within, count.
  case withinTenPercent
  /// Percentage within 5, percentage within 10, name, count.
  case errorSummary
  /// Name, median error, count, percentage within 10.
  case histogramSummary
  /// Count, least, greatest.
  case valuesSummary
  /// x least, x greatest, y least, y greatest, name of x, name of y.
  case extentSummary
  case series
}
