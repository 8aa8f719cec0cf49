import Core
import Measure
import Plot

/// Profiles a model on a device, operator by operator, by the runtime's own profiler and by models that are cut after
/// each node.
///
/// ```swift
/// let costs = try profile(ModelFile("models/p0042.onnx"), on: try TargetDevices.load().device("pi4-ort-1t"))
/// show(Table(costs))
/// ```
/// - Throws: `InputError` when the device can't be used or the model can't be cut or run.
public func profile(_ model: ModelFile, on device: TargetDevice) throws -> ModelProfile {
  try Profiling(on: device).profile(model) { progress($0.fraction, $0.note) }
}

/// Measures the time of an operation alone.
///
/// ```swift
/// let kernel = Node(.convolution, kernel: 3, stride: 1, inputChannels: 32, outputChannels: 64, height: 16, width: 16)
/// let row = try measure(kernel: kernel, on: try TargetDevices.load().device("pi4-ort-1t"))
/// ```
/// - Throws: `InputError` when the operation can't be measured alone or the device can't be used.
public func measure(kernel: Node, on device: TargetDevice) throws -> MeasuredLatencies {
  try measure(kernels: [kernel], on: device)
}

/// Measures the time of each of some operations alone, in one measurement: the rows of a lookup table.
/// - Parameter table: The table's file; by default in `measured/` under the device's name with `-kernels`.
public func measure(
  kernels: [Node], on device: TargetDevice, plan: MeasuringPlan = MeasuringPlan(), table: String? = nil
) throws -> MeasuredLatencies {
  try Measuring.kernels(
    kernels, on: device, plan: plan, table: table ?? "measured/\(device.name)-kernels.csv"
  ) { progress($0.fraction, $0.note) }
}

extension Table {
  /// The operators of a profile in order, by the profiler, or by differences if the runtime has no profiler.
  public init(_ profile: ModelProfile, caption: String? = nil) {
    let steps = profile.operators.isEmpty ? profile.differences : profile.operators
    self.init(
      columns: [
        Column("node"), Column("operator"), Column("time", unit: "ms", format: .decimals(4)),
        Column("part", format: .percent(1)),
      ],
      rows: steps.map { step in
        [step.name, step.type, step.milliseconds, step.milliseconds / profile.whole]
      }, caption: caption)
  }
}
