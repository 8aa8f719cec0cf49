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

  /// The fraction of the whole time that the profiler's operators explain together; nil without a profiler.
  public var explained: Double? {
    operators.isEmpty ? nil : operators.reduce(0) { $0 + $1.milliseconds } / whole
  }

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
  /// - Throws: `InputError` when the device can't be used, or the model can't be cut or run.
  public func profile(_ model: ModelFile, progress: (MeasuringProgress) -> Void = { _ in }) throws -> ModelProfile {
    guard let setup = device.setups.first else { throw InputError("\"\(device.name)\" has no runtime") }
    var device = device
    device.setups = [setup]
    let (whole, profiled, operators) = try watched(model, device, setup)
    let differences = try differences(model, device, progress)
    return ModelProfile(
      id: model.id, device: setup.name, whole: whole, profiled: profiled, operators: operators, differences: differences
    )
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
            ModelProfile.Step(name: step.name, type: step.type, milliseconds: step.nanoseconds / 1e6)
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
    _ model: ModelFile, _ device: TargetDevice, _ progress: (MeasuringProgress) -> Void
  ) throws -> [ModelProfile.Step] {
    let prefixes = try PrefixModels(FileAccess.read(model.path), file: model.path).prefixes
    let table = try MadeModels.withFolder("labbook-profile") { folder in
      let pieces = try prefixes.enumerated().map { index, prefix in
        let path = folder.appendingPathComponent("\(index).onnx").path
        try prefix.content.write(to: URL(fileURLWithPath: path))
        return try ModelFile(path, id: "\(index)")
      }
      return try Measuring(
        pieces, on: device, plan: plan, table: folder.appendingPathComponent("prefixes.csv").path
      ).run(progress: progress)
    }
    var before = 0.0
    return zip(prefixes, table.rows).compactMap { prefix, row in
      guard let median = row.median else { return nil }
      defer { before = median }
      return ModelProfile.Step(name: prefix.name, type: prefix.type, milliseconds: median - before)
    }
  }
}

extension Measuring {
  /// Measures the time of each of some operations alone, by name, for lookup tables.
  ///
  /// ```swift
  /// let device = try TargetDevices.load("devices.yaml").device("pi4-ort-1t")
  /// let kernels = try Measuring.kernels(
  ///   [Node(.convolution, kernel: 3, stride: 1, inputChannels: 32, outputChannels: 64, height: 16, width: 16)],
  ///   on: device, table: "kernels.csv")
  /// ```
  /// - Returns: A table whose ids are the operations' names, such as `conv-k3-s1-32x64-16x16`, in order.
  /// - Throws: `InputError` when an operation can't be measured alone, and the errors of `run`.
  public static func kernels(
    _ nodes: [Node], on device: TargetDevice, plan: MeasuringPlan = MeasuringPlan(), table: String,
    progress: (MeasuringProgress) -> Void = { _ in }
  ) throws -> MeasuredLatencies {
    try MadeModels.withFolder("labbook-kernels") { folder in
      var models: [ModelFile] = []
      for node in nodes {
        let name = KernelModel.name(node)
        guard !models.contains(where: { $0.id == name }) else { continue }
        let path = folder.appendingPathComponent("\(models.count).onnx").path
        try KernelModel.content(node).write(to: URL(fileURLWithPath: path))
        models.append(try ModelFile(path, id: name))
      }
      return try Measuring(models, on: device, plan: plan, table: table).run(progress: progress)
    }
  }
}

extension MeasuredLatencies {
  /// The measured times of operations as a table for `KernelSum`, from the rows of `measure(kernels:on:)`.
  ///
  /// - Parameter nodes: The measured operations. Those without a time are left out.
  /// - Throws: `InputError` when none of them has a time, or several runtimes were measured.
  public func kernelTable(of nodes: [Node]) throws -> KernelTable {
    guard Set(rows.map(\.device)).count <= 1 else {
      throw InputError(
        "the kernels were measured with several runtimes: \(Set(rows.map(\.device)).sorted().joined(separator: ", "))",
        remedy: "Measure with a device that has one runtime.")
    }
    let times = Dictionary(rows.map { ($0.id, $0.median) }, uniquingKeysWith: { first, _ in first })
    var table = KernelTable()
    for node in nodes {
      if let time = times[KernelModel.name(node)] ?? nil { try table.add(Kernel([node]), time) }
    }
    guard table.count > 0 else {
      throw InputError("none of the \(nodes.count) kernels has a time", remedy: "See the rows' reasons.")
    }
    return table
  }
}
