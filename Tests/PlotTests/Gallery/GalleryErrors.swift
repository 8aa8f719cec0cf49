import Plot

extension Gallery {
  static let errors = Section(
    title: "Errors of predictions",
    entries: [
      Entry("predicted", "Predicted against measured", "Equal axes with equal ticks, and the band of 10 %.") { show in
        // listing: predicted
        show(Chart.predictedAgainstMeasured([predictions(spread: 0.06, seed: 5)]))
        // end
      },
      Entry(
        "predicted-dense", "Many predictions",
        "From 2,000 samples on, cells coloured by their counts take the place of points."
      ) { show in
        // listing: predicted-dense
        show(Chart.predictedAgainstMeasured([predictions(count: 15_625, spread: 0.05, seed: 6)]))
        // end
      },
      Entry("worst", "The worst ten", "Named, with a line to where they should be.") { show in
        // listing: worst
        show(Chart.worstPredictions(predictions(spread: 0.07, seed: 8)))
        // end
      },
      Entry("residuals", "Residuals", "A local fit shows where predictions lean to one side.") { show in
        // listing: residuals
        show(
          Chart.residuals([
            predictions("shuffled", spread: 0.05, seed: 1),
            predictions("sequential", spread: 0.06, lean: 0.09, seed: 3),
          ]))
        // end
      },
      Entry("residuals-dense", "Residuals of many", "The same for thousands of samples.") { show in
        // listing: residuals-dense
        show(Chart.residuals([predictions(count: 12_000, spread: 0.05, lean: 0.06, seed: 2)]))
        // end
      },
      Entry(
        "errors", "Distribution of the relative error", "Bins by Freedman and Diaconis, the median, and rules at 10 %."
      ) {
        show in
        // listing: errors
        show(
          Chart.relativeErrors([
            predictions("shuffled", spread: 0.05, seed: 1), predictions("sequential", spread: 0.09, seed: 3),
          ]))
        // end
      },
      Entry("cumulative", "Share within an error", "Where a curve crosses 5 and 10 %, the share is written.") { show in
        // listing: cumulative
        show(
          Chart.cumulativeErrors([
            predictions("shuffled", spread: 0.05, seed: 1), predictions("stratified", spread: 0.065, seed: 2),
            predictions("sequential", spread: 0.09, seed: 3),
          ]))
        // end
      },
      Entry("densities", "Kernel density", "Bandwidth by Silverman's rule.") { show in
        // listing: densities
        show(
          Chart.densities(
            [
              Distribution(label: "shuffled", values: predictions(spread: 0.05, seed: 1).relativeErrors),
              Distribution(label: "sequential", values: predictions(spread: 0.09, lean: 0.05, seed: 3).relativeErrors),
            ], title: "Relative error by split", x: Axis("relative error", format: .percent(0))))
        // end
      },
    ])
}
