import Core

extension LatencyData {
  /// The same latencies with operators' times in the devices' descriptors, for `MAPLE`: a kernel that takes 0.2 ms on
  /// a device is its number `NAME.latency` with the value 0.2, where the name is the kernel's, as in
  /// `conv-k3-s1-32x64-16x16.latency`.
  ///
  /// ```swift
  /// let networks = try measure(models, on: device).latencies(of: graphs)
  /// let described = try networks.described(by: measure(kernels: operators, on: device, table: "operators.csv"))
  /// ```
  /// - Parameter kernels: The rows of `measure(kernels:on:)` on the same devices and runtimes. Kernels that lack a time
  ///   on one of them are left out.
  /// - Throws: `InputError` when a device has no rows, or no kernel has a time on all devices.
  public func described(by kernels: MeasuredLatencies) throws -> LatencyData {
    let times = try devices.map { device -> [String: Double] in
      let rows = kernels.rows.filter { $0.device == device.name }
      guard !rows.isEmpty else {
        throw InputError(
          "no operator was measured on \"\(device)\"",
          remedy: "Measure the operators on the device with all of its runtimes, as the networks.")
      }
      return Dictionary(
        rows.compactMap { row in row.median.map { ("\(row.id).latency", $0) } }, uniquingKeysWith: { first, _ in first }
      )
    }
    let common = times.dropFirst().reduce(Set(times.first.map { Array($0.keys) } ?? [])) { $0.intersection($1.keys) }
    guard !common.isEmpty else {
      throw InputError("no operator has a time on all devices", remedy: "See the rows' reasons.")
    }
    return try LatencyData(
      name: name, unit: unit, graphs: graphs,
      devices: zip(devices, times).map { device, times in
        var device = device
        device.descriptor.merge(times.filter { common.contains($0.key) }) { _, new in new }
        return device
      }, measurements: devices.map { try measurements(on: $0.name) })
  }
}
