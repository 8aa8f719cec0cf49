/// A measurement in place of a prediction, as MnasNet (Tan and others, CVPR 2019) measures every network of its
/// search. Here the measurements come from a table in which each network was measured twice, as two halves of its
/// repeats: the second half is the answer, and the first half is the truth.
///
/// ```swift
/// let again = try MeasuredAgain(data, device: "pi4-ort-1t")
/// print(try again.evaluate(on: again.truth).share(within: 0.05), again.secondsPerNetwork)
/// ```
///
/// Predictors are compared with this row: the accuracy with which one measurement predicts another, and its cost. A
/// half has half as many repeats as the latencies that predictors learn from, so real measurements are slightly
/// better. `DirectMeasurement` measures on a device instead of reading a table.
public struct MeasuredAgain: LatencyPredictor {
  public let device: Device
  public let unit: String
  /// The medians of the first halves.
  public let truth: Dataset
  /// The mean time to measure one network with all its repeats, in seconds; nil if the repeats are unknown or the
  /// unit isn't milliseconds.
  public let secondsPerNetwork: Double?
  private let answers: [String: Double]

  /// - Throws: `InputError` when the device isn't in the data, or no measurement has both halves.
  public init(_ data: LatencyData, device name: String) throws {
    let column = try data.measurements(on: name)
    var graphs: [NetworkGraph] = []
    var first: [Double] = []
    var answers: [String: Double] = [:]
    var total = 0.0
    var repeats = 0
    for (graph, measurement) in zip(data.graphs, column) {
      guard let measurement, let halves = measurement.halves, halves.count == 2 else { continue }
      graphs.append(graph)
      first.append(halves[0])
      answers[graph.id] = halves[1]
      total += measurement.latency * Double(measurement.repeats ?? 0)
      repeats += measurement.repeats ?? 0
    }
    guard !graphs.isEmpty, let device = data.devices.first(where: { $0.name == name }) else {
      throw InputError(
        "no measurement on \"\(name)\" has two halves",
        remedy: "Use a table with the columns of both halves, as labbook measure writes it.")
    }
    self.device = device
    unit = data.unit
    truth = try Dataset(name: data.name, measuredOn: device, unit: data.unit, graphs: graphs, latencies: first)
    self.answers = answers
    secondsPerNetwork = repeats > 0 && data.unit == "ms" ? total / 1000 / Double(graphs.count) : nil
  }

  /// - Throws: `InputError` that names the first network that wasn't measured.
  public func predict(_ graphs: [NetworkGraph]) throws -> [Double] {
    try graphs.map { graph in
      guard let answer = answers[graph.id] else {
        throw InputError(
          "\"\(graph.id)\" wasn't measured twice on \"\(device)\"", remedy: "Measure it, because MnasNet only measures."
        )
      }
      return answer
    }
  }
}
