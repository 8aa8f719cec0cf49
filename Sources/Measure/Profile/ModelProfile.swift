import Core
import Foundation

/// The time of each operator of a model, measured by two independent methods.
public struct ModelProfile: Codable, Hashable, Sendable {
  /// A part of the model. Times are in milliseconds.
  public struct Step: Codable, Hashable, Sendable {
    public var name: String
    /// The operator's type.
    public var type: String
    public var milliseconds: Double
    /// The time from the start of a run to that of the operator; nil for differences.
    public var start: Double?
  }

  public var id: String
  public var device: String
  /// The median of whole runs without a profiler.
  public var whole: Double
  /// The median of whole runs with the runtime's profiler; nil if the runtime has none.
  public var profiled: Double?
  /// The operators' times by the runtime's own profiler, in the order of execution. Fused operators have the
  /// runtime's names.
  public var operators: [Step]
  /// The times by differences of models that are cut after each node: the time that each node adds. A difference may
  /// be negative if the runtime fuses a node with the one before.
  public var differences: [Step]
  /// The measurement of the cut models, of which the last is the whole model.
  public var pieces: MeasuredLatencies

  /// The fraction of the whole time that the profiler's operators explain together; nil without a profiler.
  public var explained: Double? {
    operators.isEmpty ? nil : operators.reduce(0) { $0 + $1.milliseconds } / whole
  }

  /// The fraction of the whole time that the differences explain together. The whole was measured on its own, so this
  /// says how well the two measurements agree.
  public var differencesExplained: Double { differences.reduce(0) { $0 + $1.milliseconds } / whole }

  /// The relative overhead of profiling a run.
  public var cost: Double? { profiled.map { $0 / whole - 1 } }
}

/// Profiles models on a device.
public struct Profiling {
  public var device: TargetDevice
  /// The number of timed runs of each model, with and without the profiler.
  public var runs: Int
  /// The plan for measuring the cut models.
  public var plan: MeasuringPlan

  public init(
    on device: TargetDevice, runs: Int = 50,
    plan: MeasuringPlan = MeasuringPlan(rounds: 5...8, runs: 10, precision: 0.02)
  ) {
    self.device = device
    self.runs = runs
    self.plan = plan
  }

  /// Profiles a model with the device's first runtime.
  /// - Parameter table: The file of the cut models' table. Their rounds are beside it, so that an interrupted
  ///   measurement continues. Nil keeps nothing.
  /// - Throws: `InputError` when the device can't be used, or the model or a cut model can't be run.
  public func profile(
    _ model: ModelFile, table: String? = nil, progress: (MeasuringProgress) -> Void = { _ in }
  ) throws -> ModelProfile {
    guard (1...10_000).contains(runs) else {
      throw InputError("a profile can't have \(runs) runs", remedy: "Use 1 to 10000; 50 are usual.")
    }
    let setup = try device.firstSetup
    var device = device
    device.setups = [setup]
    let (whole, profiled, operators) = try watched(model, device, setup)
    let (differences, pieces) = try differences(model, device, table, progress)
    return ModelProfile(
      id: model.id, device: setup.name, whole: whole, profiled: profiled, operators: operators,
      differences: differences, pieces: pieces)
  }

  /// The operators of a model by the runtime's profiler alone; empty if it has none.
  func operators(of model: ModelFile) throws -> [ModelProfile.Step] {
    let setup = try device.firstSetup
    return try watched(model, device, setup).2
  }

  /// Measures operators by the runtime's profiler.
  private func watched(
    _ model: ModelFile, _ device: TargetDevice, _ setup: RuntimeSetup
  ) throws -> (Double, Double?, [ModelProfile.Step]) {
    do {
      let session = try device.session(for: setup)
      defer { session.end() }
      try session.bring([model]) { _, _ in }
      try session.start(setup, patience: device.patience) { _ in }
      var request = AgentRequest("visit")
      request.how = "profile"
      request.limit = plan.limit
      request.visits = [AgentRequest.Visit(model: model.cacheName, id: model.id, runs: runs)]
      try session.send(request)
      while true {
        let message = try session.next(within: plan.limit + 90)
        switch message.event {
        case "failed":
          throw InputError("\(model.path) can't be profiled on \"\(setup.name)\": \(message.reason ?? "")")
        case "profile":
          func milliseconds(_ runs: [Int]?) -> Double? {
            runs.flatMap { $0.isEmpty ? nil : median($0.map { Double($0) / 1e6 }) }
          }
          let steps = (message.operators ?? []).map { step in
            ModelProfile.Step(
              name: step.name, type: step.type, milliseconds: step.nanoseconds / 1e6, start: step.start.map { $0 / 1e6 }
            )
          }
          return (milliseconds(message.plain) ?? .nan, milliseconds(message.profiled), steps)
        default: continue
        }
      }
    } catch let loss as AgentSession.Loss {
      throw loss.refusal ?? InputError("\"\(setup.name)\" is lost: \(loss)", remedy: "Try again.")
    }
  }

  /// Measures operators by models that are cut after each node.
  private func differences(
    _ model: ModelFile, _ device: TargetDevice, _ table: String?, _ progress: (MeasuringProgress) -> Void
  ) throws -> ([ModelProfile.Step], MeasuredLatencies) {
    let prefixes = try PrefixModels(FileAccess.read(model.path), file: model.path).prefixes
    let pieces = try MadeModels.withFolder("labbook-profile") { folder in
      let pieces = try prefixes.enumerated().map { index, prefix in
        let path = folder.appendingPathComponent("\(index).onnx").path
        try prefix.content.write(to: URL(fileURLWithPath: path))
        return try ModelFile(path, id: "\(index)")
      }
      return try Measuring(
        pieces, on: device, plan: plan, table: table ?? folder.appendingPathComponent("prefixes.csv").path
      ).run(progress: progress)
    }
    var before = 0.0
    let steps = try zip(prefixes, pieces.rows).map { prefix, row in
      guard let median = row.median else {
        throw InputError(
          "\(model.path), cut after \(prefix.name), doesn't run on \"\(device.name)\": \(row.reason ?? "it failed")")
      }
      defer { before = median }
      return ModelProfile.Step(name: prefix.name, type: prefix.type, milliseconds: median - before)
    }
    return (steps, pieces)
  }
}
