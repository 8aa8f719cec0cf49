import Core

/// No prediction at all: a network is measured when it is asked for, as MnasNet (Tan and others, CVPR 2019) does for
/// every network of its search. The row of a table that predictors are compared with.
///
/// ```swift
/// let direct = try DirectMeasurement(models, on: devices.device("pi4-ort-1t"), secondsPerNetwork: 5)
/// let evaluation = try direct.evaluate(on: data[split.test])
/// let cost = try direct.measure(data[split.test].graphs).endings[0].seconds
/// ```
///
/// Networks that are asked for together are measured in rounds together, `secondsPerNetwork` of time each on average.
/// Rounds are kept beside `table`, so that a second question about the same networks goes on from them. A cell that
/// names this type is pinned unless it says `//| pinned: false`, as one that calls `measure`.
public struct DirectMeasurement: LatencyPredictor {
  /// The files of networks that may be asked about, by the graphs' ids.
  public let models: [ModelFile]
  public let target: TargetDevice
  /// The time that a network may take on average, with loading and warm-up.
  public let secondsPerNetwork: Double
  /// Rounds, runs and precision; its budget is replaced.
  public let plan: MeasuringPlan
  /// Where the measured table goes.
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
        "\"\(target.name)\" has \(target.setups.count) runtimes, and a predictor answers for one",
        remedy: "Name one of them: \(target.setups.map(\.name).joined(separator: ", ")).")
    }
    self.models = models
    self.target = target
    self.secondsPerNetwork = secondsPerNetwork
    self.plan = plan
    self.table = table ?? "measured/\(setup.name)-asked.csv"
    device = Device(setup.name)
  }

  /// Measures some networks, and says what that cost.
  ///
  /// - Throws: `InputError` that names the first network without a model, and as `Measuring.run`.
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

  /// - Throws: `InputError` as `measure(_:)`, and that names the first network that has no latency, with its reason.
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
