import Foundation
import Plot

extension Gallery {
  static let sweeps = Section(
    title: "Sweeps and comparisons",
    entries: [
      Entry("heat-map", "Heat map", "Viridis for amounts; the best cell is outlined.") { show in
        // listing: heat-map
        let depths = ["2", "3", "4", "6", "8"]
        let widths = ["16", "32", "64", "128", "256", "600"]
        let errors = depths.indices.map { depth in
          widths.indices.map { 0.05 + 0.012 * pow(Double(depth) - 2, 2) + 0.01 * pow(Double($0) - 3.4, 2) }
        }
        show(
          Chart.heatMap(
            rows: depths, columns: widths, values: errors, title: "Error by depth and width", rowAxis: "layers",
            columnAxis: "hidden units", amount: Axis("MAPE", format: .percent(1)), better: .lower))
        // end
      },
      Entry(
        "parallel", "Parallel coordinates",
        "One line a run, coloured by the outcome on the last axis, better runs on top."
      ) {
        show in
        // listing: parallel
        let runs = 0..<48
        let triedRates = runs.map { [1e-4, 3e-4, 1e-3, 3e-3][$0 % 4] }
        let triedUnits = runs.map { [32.0, 64, 128, 256][$0 / 4 % 4] }
        let optimisers = runs.map { ["Adam", "AdamW", "SGD"][$0 / 16] }
        let mape = zip(runs, noise(48, seed: 3)).map { run, noise in
          0.06 + 0.03 * abs(log10(triedRates[run] / 1e-3)) + (optimisers[run] == "SGD" ? 0.05 : 0) + 0.008
            * noise.magnitude
        }
        show(
          Chart.parallelCoordinates(
            [
              SweepDimension("learning rate", triedRates), SweepDimension("hidden units", triedUnits),
              SweepDimension("optimiser", optimisers), SweepDimension("MAPE", mape, format: .percent(0)),
            ], title: "48 settings", better: .lower))
        // end
      },
      Entry("sweep", "Line with error bars", "Means of five seeds with their 95 % confidence intervals.") { show in
        // listing: sweep
        let hidden = [16.0, 32, 64, 128, 256, 512]
        func seeds(_ gain: Double, _ seed: UInt64) -> [[Double]] {
          hidden.enumerated().map { index, units in
            noise(5, seed: seed + UInt64(index)).map { 0.04 + gain / units.squareRoot() + 0.006 * $0 }
          }
        }
        show(
          Chart.sweep(
            [
              EstimateSeries(label: "GCN", x: hidden, samples: seeds(0.4, 1)),
              EstimateSeries(label: "GCN, no global node", x: hidden, samples: seeds(0.6, 50)),
            ], title: "Error by width", x: Axis("hidden units"), y: Axis("MAPE", format: .percent(0))))
        // end
      },
      Entry("ranks", "Ranks of methods", "Methods whose intervals reach into the best one's keep their colour.") {
        show in
        // listing: ranks
        let methods = [
          ("GCN", 0.871), ("GCN, no global node", 0.853), ("linear on FLOPs", 0.702), ("lookup table", 0.764),
        ]
        show(
          Chart.ranks(
            methods.map(\.0), methods.map { method in .mean(of: noise(5, seed: 7).map { method.1 + 0.02 * $0 }) },
            title: "Rank correlation with the measurement", value: Axis("Kendall's τ", format: .decimals(3)),
            better: .higher))
        // end
      },
    ])
}
