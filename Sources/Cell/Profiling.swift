import Core
import Measure
import Plot

/// Profiles a model on a device, operator by operator, by the runtime's own profiler and by models that are cut after
/// each node.
///
/// ```swift
/// let costs = try profile(ModelFile("models/p0042.onnx"), on: try TargetDevices.load().device("pi4-ort-1t"))
/// show(Table(costs))
/// show(Chart.timeline(costs))
/// ```
/// The cut models' times are kept in `measured/` under the names of device and model, so that an interrupted
/// measurement continues.
/// - Throws: `InputError` when the device can't be used or the model can't be cut or run.
public func profile(_ model: ModelFile, on device: TargetDevice) throws -> ModelProfile {
  let id = model.id.replacingOccurrences(of: "/", with: "-")
  let path = "measured/\(device.name)-profile-\(id).csv"
  let result = try Profiling(on: device).profile(model, table: path) { progress($0.fraction, $0.note) }
  tell(result.pieces, table: path)
  return result
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
  try measure(kernels: kernels.map { Kernel([$0]) }, on: device, plan: plan, table: table)
}

/// The same for kernels of several operations, of which each reads the one before.
public func measure(
  kernels: [Kernel], on device: TargetDevice, plan: MeasuringPlan = MeasuringPlan(), table: String? = nil
) throws -> MeasuredLatencies {
  let path = table ?? "measured/\(device.name)-kernels.csv"
  let result = try Measuring.kernels(kernels, on: device, plan: plan, table: path) { progress($0.fraction, $0.note) }
  tell(result, table: path)
  return result
}

extension Chart {
  /// The operators of a profile by the runtime's profiler, each as a bar from its start to its end in a run. Without a
  /// profiler these are the differences of cut models, one after the other.
  public static func timeline(_ profile: ModelProfile, title: Phrase? = nil) -> Chart {
    let steps = profile.operators.isEmpty ? profile.differences : profile.operators
    var end = 0.0
    let spans = steps.map { step in
      let start = step.start ?? end
      end = start + max(step.milliseconds, 0)
      return (start: start, end: end)
    }
    var chart = Chart.bars(
      steps.map { "\($0.name) (\($0.type))" }, spans.map(\.end), title: title,
      value: Axis(unit: "ms", format: .trimmed(3)))
    let places = steps.indices.map(Double.init)
    // The bars begin at the operators' starts, and their texts are how long they take.
    chart.panels[0].layers = [
      Layer(
        .rectangle(
          left: Values(spans.map(\.start)), right: Values(spans.map(\.end)),
          bottom: Values(places.map { $0 - 0.36 }), top: Values(places.map { $0 + 0.36 })),
        style: Style(color: .series(0), opacity: 0.9)),
      Layer(
        .text(
          x: Values(spans.map(\.end)), y: Values(places),
          labels: steps.map { .number($0.milliseconds, .trimmed(3)) }),
        style: Style(color: .ink, anchor: .start, shiftRight: 5)),
    ]
    return chart
  }
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
