/// The fixed words of charts, with placeholders `{0}`, `{1}`, ... Each comment lists the placeholders' values in
/// order.
public enum Term: String, Codable, Hashable, Sendable, CaseIterable {
  /// Name, sentence.
  case named
  /// A number or date.
  case value
  /// Upper line, lower line.
  case lines
  /// Factor, power of ten.
  case timesPower

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
  /// Name of the loss, first, last, number of epochs.
  case lossSummary
  /// Summary of the course, epoch, value.
  case bestSummary
  /// Number of runs, lowest loss, name of its run.
  case runsSummary
  /// Number of runs, lowest loss.
  case unnamedRunsSummary

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
  /// Number of samples beyond the axis.
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
  case learningRate
  case accuracy
  case lastWeek
  case seedBand
  case pointsPerCell
  case samplesPerCell
  case density
  case residuals
  case residual
  case relativeResidual
  case localFit
  /// Median error, least and greatest value of the local fit.
  case residualSummary
  /// Median, first and third quartile, count.
  case distributionSummary
  case outliers
  /// Count.
  case worstPredictions
  /// Name, error, measured, predicted.
  case worstSummary
  case otherSamples
  /// Count of points, count in the fullest cell.
  case densitySummary
  /// Least, its row, its column, greatest, its row, its column.
  case heatMapSummary
  /// Count, name of the outcome, best value, settings.
  case parallelSummary
  /// Count, name of the outcome, least, greatest.
  case outcomeSummary
  /// Name, value.
  case assignment
  /// First part, rest of an enumeration.
  case listed
  /// Value, low, high.
  case estimate
  /// x, estimate at it, x, estimate at it.
  case estimateSummary
  /// Count, name of the best, its estimate, name of the last, its estimate.
  case rankSummary
  /// Nodes, edges, layers, operations.
  case networkSummary
  /// Count, name.
  case times
  /// Title, unit.
  case withUnit
  case nothing
  /// Count.
  case missingValues
  /// Count, count of all.
  case unplacedValues
}
