import Core

/// The devices in a device file.
///
/// ```swift
/// let devices = try TargetDevices.load("devices.yaml")
/// let pi = try devices.device("pi4")            // with all its runtimes
/// let one = try devices.device("pi4-ort-1t")    // with one of them
/// ```
public struct TargetDevices: Codable, Hashable, Sendable {
  /// The devices, in the order of the file.
  public let all: [TargetDevice]

  /// The device with this name, or the device with only that one of its runtimes whose full name this is; nil if
  /// there is none.
  public subscript(name: String) -> TargetDevice? {
    if let device = all.first(where: { $0.name == name }) { return device }
    for var device in all {
      guard let setup = device.setups.first(where: { $0.name == name }) else { continue }
      device.setups = [setup]
      return device
    }
    return nil
  }

  /// The device, or an error with a remedy if there is none.
  /// - Throws: `InputError` that names the existing devices and the most similar name.
  public func device(_ name: String) throws -> TargetDevice {
    if let device = self[name] { return device }
    throw InputError(
      "the device \"\(name)\" is unknown",
      remedy: InputError.remedy(
        unknown: name, among: all.flatMap { [$0.name] + $0.setups.map(\.name) }, called: "devices"))
  }

  /// - Throws: `InputError` if two devices, or two of their runtimes, have the same name.
  public init(_ devices: [TargetDevice]) throws {
    var names = Set<String>()
    for name in devices.flatMap({ [$0.name] + $0.setups.map(\.name) }) where !names.insert(name).inserted {
      throw InputError.twoDevices(named: name)
    }
    all = devices
  }
}
