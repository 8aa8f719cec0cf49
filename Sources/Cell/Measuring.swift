import Core
import Foundation
import Measure

/// Measures the latencies of models on a device, with progress, and returns the table.
///
/// ```swift
/// let devices = try TargetDevices.load()
/// let models = try ModelFile.all(in: "models")
/// let table = try measure(models, on: devices["pi4"]!)
/// let data = try table.latencies(of: models.map { try NetworkGraph(onnx: $0.path, id: $0.id) })
/// ```
/// It prints what a reader has to know: why measuring ended, how well the halves agree, notices, and models without a
/// latency. A cell that calls this is pinned unless it says `//| pinned: false`. The table is written to a file, with
/// the raw rounds beside it. A later call continues from existing rounds, so remove the files to measure again.
/// - Parameters:
///   - plan: The number of rounds, the precision and the time limits.
///   - table: The table's file; by default in `measured/` under the device's name.
/// - Throws: `InputError` when the device can't be used or is lost. Earlier measurements are kept.
public func measure(
  _ models: [ModelFile], on device: TargetDevice, plan: MeasuringPlan = MeasuringPlan(), table: String? = nil
) throws -> MeasuredLatencies {
  let names = device.setups.map(\.name)
  let name = names.count == 1 ? names[0] : device.name
  let path = table ?? "measured/\(name).csv"
  let result = try Measuring(models, on: device, plan: plan, table: path).run { progress($0.fraction, $0.note) }
  tell(result, table: path)
  return result
}

/// Prints what a reader of a measured table has to know.
func tell(_ result: MeasuredLatencies, table: String) {
  for line in result.remarks(naming: 10) + result.summary(table: table) { print(line) }
}
