import Core

/// A measurement in place of a prediction, as MnasNet (Tan and others, CVPR 2019) measures every network of its
/// search. Predictors are compared with this row of a table.
///
/// ```swift
/// let direct = try DirectMeasurement(models, on: devices.device("pi4-ort-1t"), secondsPerNetwork: 5)
/// let evaluation = try direct.evaluate(on: data[split.test])
/// let cost = try direct.measure(data[split.test].graphs).endings[0].seconds
/// ```
///
/// Networks of one call are measured in common rounds, with a mean time of `secondsPerNetwork` each. Rounds are
/// stored beside `table`, so a later call with the same networks continues from them. A cell that names this type is
/// pinned unless it says `//| pinned: false`, like a cell that calls `measure`.
public struct DirectMeasurement: LatencyPredictor {
  /// The model files of the networks that can be measured, by the graphs' ids.
  public let models: [ModelFile]
  public let target: TargetDevice
  /// The mean time for a network in seconds, including loading and warm-up.
  public let secondsPerNetwork: Double
  /// The rounds, runs and precision of the measurement. The plan's budget is replaced.
  public let plan: MeasuringPlan
  /// The path of the measured table.
  public let table: String
  public let device: Device
  public var unit: String { "ms" }

  /// - Throws: `InputError` when the time isn't positive, or the device has more than one runtime.
  public init(
    _ models: [ModelFile], on target: TargetDevice, secondsPerNetwork: Double = 5,
    plan: MeasuringPlan = MeasuringPlan(rounds: 3...12), table: String? = nil
  ) throws {
    guard secondsPerNetwork > 0, secondsPerNetwork.isFinite else {
      throw InputError("a network can't be measured in \(secondsPerNetwork) seconds", remedy: "5 are usual.")
    }
    guard let setup = target.setups.first, target.setups.count == 1 else {
      throw InputError(
        "\"\(target.name)\" has \(target.setups.count) runtimes, but a predictor has one",
        remedy: "Name one of them: \(target.setups.map(\.name).joined(separator: ", ")).")
    }
    self.models = models
    self.target = target
    self.secondsPerNetwork = secondsPerNetwork
    self.plan = plan
    self.table = table ?? "measured/\(setup.name)-asked.csv"
    device = Device(setup.name)
  }

  /// Measures some networks. The result contains the time that it took.
  ///
  /// - Throws: `InputError` that names the first network without a model, and the errors of `Measuring.run`.
  public func measure(_ graphs: [NetworkGraph]) throws -> MeasuredLatencies {
    let files = Dictionary(models.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    var asked: [ModelFile] = []
    var seen = Set<String>()
    for graph in graphs where seen.insert(graph.id).inserted {
      guard let file = files[graph.id] else {
        throw InputError(
          "there is no model of \"\(graph.id)\" to measure",
          remedy: "Give it the model's file, with ModelFile(_:id:) or ModelFile.all(in:).")
      }
      asked.append(file)
    }
    var plan = plan
    plan.budget = secondsPerNetwork * Double(asked.count)
    return try Measuring(asked, on: target, plan: plan, table: table).run()
  }

  /// - Throws: The errors of `measure(_:)`, and `InputError` that names the first network without a latency and its
  ///   reason.
  public func predict(_ graphs: [NetworkGraph]) throws -> [Double] {
    guard !graphs.isEmpty else { return [] }
    let rows = try measure(graphs).rows
    let byID = Dictionary(rows.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    return try graphs.map { graph in
      guard let latency = byID[graph.id]?.median else {
        throw InputError("\"\(graph.id)\" has no latency: \(byID[graph.id]?.reason ?? "it was never run")")
      }
      return latency
    }
  }
}
