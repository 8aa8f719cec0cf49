import Foundation
import Plot

extension Gallery {
  static let distributions = Section(
    title: "Values and groups",
    entries: [
      Entry("violins", "Violins", "The density of each group, with its quartiles and median.") { show in
        // listing: violins
        let devices = [("Raspberry Pi 4", 1.9), ("Jetson Nano", 1.3), ("EPYC, one thread", 0.8)]
        let byDevice = devices.enumerated().map { index, device in
          Distribution(label: device.0, values: noise(240, seed: UInt64(index)).map { device.1 + 0.25 * exp(0.5 * $0) })
        }
        show(Chart.violins(byDevice, title: "Latency by device", x: Axis("latency", unit: "ms")))
        // end
      },
      Entry("boxes", "Boxes", "Quartiles, whiskers after Tukey, and a ring for each value beyond.") { show in
        // listing: boxes
        let latencies = noise(400, seed: 12).map { 2 + exp(0.4 * $0) }
        let runtimes = (0..<400).map { ["ONNX Runtime", "MNN", "TFLite", "ncnn"][$0 % 4] }
        show(
          Chart.boxes(
            Distribution.grouped(latencies, by: runtimes), title: "Latency by runtime", x: Axis("latency", unit: "ms")))
        // end
      },
      Entry("histogram", "Histogram", "Bins by Freedman and Diaconis or by Scott.") { show in
        // listing: histogram
        show(
          Chart.histogram(
            predictions(spread: 0.05, seed: 4).measured, title: "Measured latencies", x: Axis("latency", unit: "ms"),
            rule: .scott))
        // end
      },
      Entry("facets", "Facets", "Any charts of one kind over shared axes.") { show in
        // listing: facets
        show(
          Chart.facets(
            [0.8, 1.3, 1.9].enumerated().map { index, middle in
              Chart.histogram(
                noise(300, seed: UInt64(20 + index)).map { middle + 0.2 * $0 }, title: "device \(index + 1)",
                x: Axis("latency", unit: "ms"))
            }, title: "Latency by device"))
        // end
      },
      Entry("scatter", "Scatter", "Few points are points.") { show in
        // listing: scatter
        let few = predictions(spread: 0.05, seed: 1)
        show(
          Chart.scatter(
            [
              Series(label: "training", x: few.measured.map { $0 * 40 }, y: few.predicted),
              Series(label: "test", x: few.measured.map { $0 * 42 }, y: few.measured),
            ], title: "Latency by size", x: Axis("operations", unit: "MFLOP"), y: Axis("latency", unit: "ms")))
        // end
      },
      Entry("million", "A million points", "Counted in cells first, drawn in well under a second.") { show in
        // listing: million
        let wide = noise(1_000_000, seed: 31)
        let tall = zip(wide, noise(1_000_000, seed: 32)).map { $0 * $0 * 0.3 + $1 }
        show(Chart.scatter(x: wide, y: tall, title: "A million points"))
        // end
      },
      Entry("bars", "Bars", "Names of any length, values at the ends.") { show in
        // listing: bars
        show(
          Chart.bars(
            ["shuffled", "stratified by pruned units", "sequential"], [0.943, 0.917, 0.822], title: "Mean accuracy",
            value: Axis(format: .percent(1))))
        // end
      },
      Entry("lines", "Lines", "Named at their ends.") { show in
        // listing: lines
        let units = (1...40).map(Double.init)
        show(
          Chart.lines(
            [
              Series(label: "EPYC", x: units, y: units.map { 2 + $0.squareRoot() }),
              Series(label: "Xeon", x: units, y: units.map { 1.9 + 1.05 * $0.squareRoot() }),
              Series(label: "Pi 4", x: units, y: units.map { 2 + 0.3 * $0 }),
            ], title: "Latency by pruned units", x: Axis("pruned units", isWhole: true), y: Axis("latency", unit: "ms"))
        )
        // end
      },
      Entry("timeline", "Weeks", "An axis of time, in UTC.") { show in
        // listing: timeline
        let weeks = (0..<9).map { Date(timeIntervalSince1970: 1_699_488_000 + 604_800 * Double($0)) }
        let accuracy = [0.77, 0.819, 0.823, 0.861, 0.858, 0.902, 0.915, 0.931, 0.943]
        show(
          Chart.timeline(
            [
              Series(label: "EPYC", dates: weeks, y: accuracy),
              Series(label: "Pi 4", dates: weeks, y: accuracy.map { $0 - 0.06 }),
            ],
            title: "Mean accuracy by week", y: Axis("mean accuracy", format: .percent(0))))
        // end
      },
    ])
}
