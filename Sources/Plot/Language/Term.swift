/// The fixed words of charts, with places for what they are about as `{0}`, `{1}`, ...
public enum Term: String, Codable, Hashable, Sendable, CaseIterable {
  /// Name, sentence.
  case named

  case epoch
  case loss
  case logarithmicScale
  case lossCurves
  case training
  case validation
  case trainingLoss
  case validationLoss
  case bestEpochMark
  /// Epoch, value.
  case bestEpoch
  /// Loss of what, first, last, epochs.
  case lossSummary
  /// Summary of the course, epoch, value.
  case bestSummary
  /// Runs, lowest loss, name of its run.
  case runsSummary

  case relativeError
  case absoluteRelativeError
  case relativeErrors
  case cumulativeErrors
  case predictedAgainstMeasured
  case measured
  case predicted
  case samples
  case shareOfSamples
  /// Percentage.
  case medianValue
  /// Count beyond the axis.
  case beyondAxis
  /// Percentage within, count.
  case withinTenPercent
  /// Percentage within 5, percentage within 10, count.
  case errorSummary
  /// Median error, count, percentage within 10.
  case histogramSummary

  /// Count, least, greatest, median.
  case valuesSummary
  /// x least, x greatest, y least, y greatest, name of x, name of y.
  case extentSummary
}
