extension Term {
  /// The term in English.
  var english: String {
    switch self {
    case .named: "{0}: {1}"
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
    }
  }
}
