extension Term {
  /// The term in English.
  var english: String {
    switch self {
    case .named: "{0}: {1}"
    case .value: "{0}"
    case .lines: "{0}\n{1}"
    case .timesPower: "{0}×{1}"
    case .epoch: "epoch"
    case .loss: "loss"
    case .logarithmicScale: "log scale"
    case .lossCurves: "Loss by epoch"
    case .training: "training"
    case .validation: "validation"
    case .trainingLoss: "training loss"
    case .validationLoss: "validation loss"
    case .bestEpochMark: "best epoch"
    case .bestEpoch: "best: epoch {0}, {1}"
    case .lossSummary: "{0} from {1} to {2} in {3} epochs"
    case .bestSummary: "{0}, best at epoch {1} with {2}"
    case .runsSummary: "{0} runs; the lowest loss, {1}, is that of {2}"
    case .unnamedRunsSummary: "{0} runs; the lowest loss is {1}"
    case .relativeError: "relative error"
    case .absoluteRelativeError: "absolute relative error"
    case .relativeErrors: "Distribution of the relative error"
    case .cumulativeErrors: "Share of samples within an error"
    case .predictedAgainstMeasured: "Predicted against measured"
    case .measured: "measured"
    case .predicted: "predicted"
    case .samples: "samples"
    case .shareOfSamples: "share of samples"
    case .medianValue: "median {0}"
    case .beyondAxis: "{0} beyond the axis"
    case .withinTenPercent: "{0} of {1} within 10%"
    case .errorSummary: "{0} of {2} samples are within 5% and {1} within 10% of the measurement"
    case .histogramSummary: "median relative error {0} over {1} samples, {2} within 10%"
    case .valuesSummary: "{0} values from {1} to {2}, median {3}"
    case .extentSummary: "{4} from {0} to {1}, {5} from {2} to {3}"
    case .learningRate: "learning rate"
    case .accuracy: "accuracy"
    case .lastWeek: "last week"
    case .seedBand: "range over seeds"
    case .pointsPerCell: "points per cell"
    case .samplesPerCell: "samples per cell"
    case .density: "density"
    case .residuals: "Residuals"
    case .residual: "predicted − measured"
    case .relativeResidual: "relative error"
    case .localFit: "local fit"
    case .residualSummary: "median relative error {0}; the local fit runs from {1} to {2}"
    case .distributionSummary: "median {0}, middle half from {1} to {2}, n = {3}"
    case .outliers: "outliers"
    case .worstPredictions: "The {0} worst predictions"
    case .worstSummary: "the worst is {0} with {1}: measured {2}, predicted {3}"
    case .otherSamples: "other samples"
    case .densitySummary: "{0} points, at most {1} in a cell"
    case .heatMapSummary: "least {0} ({1}, {2}), greatest {3} ({4}, {5})"
    case .parallelSummary: "{0} settings; best {1} {2} with {3}"
    case .outcomeSummary: "{0} settings; {1} from {2} to {3}"
    case .assignment: "{0} = {1}"
    case .listed: "{0}, {1}"
    case .estimate: "{0} ({1} to {2})"
    case .estimateSummary: "at {0} {1}, at {2} {3}"
    case .rankSummary: "{0} compared; best is {1} with {2}, last {3} with {4}"
    case .networkSummary: "{0} nodes and {1} edges in {2} layers: {3}"
    case .times: "{0} × {1}"
    case .withUnit: "{0} ({1})"
    case .nothing: "no values"
    case .missingValues: "left out as missing or infinite: {0}"
    case .unplacedValues: "left out on a logarithmic axis as 0 or less: {0} of {1}"
    }
  }
}

extension CivilTime {
  /// The time as English writes it.
  func english(_ format: DateFormat) -> String {
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let name = months[month - 1]
    return switch format {
    case .year: String(year)
    case .month: name
    case .monthOfYear: "\(name) \(year)"
    case .day: "\(day) \(name)"
    case .date: "\(day) \(name) \(year)"
    case .minute: clock(withSeconds: false)
    case .second: clock(withSeconds: true)
    }
  }
}
