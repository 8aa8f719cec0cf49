/// The errors that several recipes report in the same words.
extension InputError {
  static let emptyTraining = InputError(
    "the training part is empty", remedy: "Split the data so that the training part has samples.")

  /// - Parameter part: What names the sample: "split", "training part".
  static func noSample(_ index: Int, of count: Int, in part: String) -> InputError {
    InputError("the \(part) names sample \(index) of \(count)", remedy: "Use a split that was made of this data set.")
  }

  /// - Parameter count: The number of the model's outputs for each network.
  static func outputs(_ count: Int, insteadOf needed: Int) -> InputError {
    InputError(
      "the loss needs \(needed) outputs for each network, the model has \(count)",
      remedy: "Use a loss that needs one output, such as .absolute.")
  }

  static func scoreMargin(_ margin: Double) -> InputError {
    InputError("the margin of the scores is \(margin)", remedy: "Use a margin above 0; 0.1 is usual.")
  }

  /// - Parameter recipe: The recipe's name.
  static func notPretrained(_ recipe: String = "the recipe") -> InputError {
    InputError(
      "\(recipe) is not pretrained, so that it knows no devices",
      remedy: "Call pretrain(on:) with data of several devices first.")
  }

  static let noSourceDevices = InputError(
    "the data has no devices to learn from", remedy: "Give data of at least one device.")

  static func noMeasurements(on device: Device) -> InputError {
    InputError(
      "the device \"\(device)\" has no measurements", remedy: "Leave the device out, or measure networks on it.")
  }

  /// - Parameter unit: The unit of the source devices' latencies.
  static func otherUnit(_ unit: String, than data: Dataset) -> InputError {
    InputError(
      "the source devices' latencies are in \(unit), those of \"\(data.device)\" in \(data.unit)",
      remedy: "Load both in the same unit.")
  }

  /// - Parameter reader: What needs latencies above 0, with its verb: "trees need".
  static func latencyNotPositive(_ sample: Dataset.Sample, for reader: String) -> InputError {
    InputError(
      "\(reader) latencies above 0, but \"\(sample.graph.id)\" has \(sample.latency)",
      remedy: "Give latencies that are not scaled.")
  }
}

extension Dataset {
  /// - Parameter unit: The unit of the source devices' latencies.
  /// - Throws: `InputError` if this data set has another unit.
  func requireUnit(_ unit: String) throws {
    if unit != self.unit { throw InputError.otherUnit(unit, than: self) }
  }

  /// - Parameter reader: What needs latencies above 0, with its verb: "trees need".
  /// - Throws: `InputError` that names the first latency that isn't above 0.
  func requirePositiveLatencies(for reader: String) throws {
    if let sample = samples.first(where: { !($0.latency > 0) }) {
      throw InputError.latencyNotPositive(sample, for: reader)
    }
  }
}

extension LatencyData {
  /// - Throws: `InputError` if there are no devices, or one has no measurements.
  func requireDevices() throws {
    if devices.isEmpty { throw InputError.noSourceDevices }
    for device in devices where try measurements(on: device.name).allSatisfy({ $0 == nil }) {
      throw InputError.noMeasurements(on: device)
    }
  }
}
