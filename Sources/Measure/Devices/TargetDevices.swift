import Core

/// The devices that a file describes.
///
/// ```swift
/// let devices = try TargetDevices.load("devices.yaml")
/// let pi = try devices.device("pi4")            // with all its runtimes
/// let one = try devices.device("pi4-ort-1t")    // with one of them
/// ```
public struct TargetDevices: Codable, Hashable, Sendable {
  /// In the order of the file.
  public let all: [TargetDevice]

  /// The device of this name, or the device with that one of its runtimes whose full name it is; nil where there is none.
  public subscript(name: String) -> TargetDevice? {
    if let device = all.first(where: { $0.name == name }) { return device }
    for var device in all {
      guard let setup = device.setups.first(where: { $0.name == name }) else { continue }
      device.setups = [setup]
      return device
    }
    return nil
  }

  /// The same, with the way out where there is none.
  /// - Throws: `InputError` that names the devices there are, and the nearest one.
  public func device(_ name: String) throws -> TargetDevice {
    if let device = self[name] { return device }
    throw InputError(
      "there is no device \"\(name)\"",
      remedy: InputError.remedy(
        unknown: name, among: all.flatMap { [$0.name] + $0.setups.map(\.name) }, called: "devices"))
  }

  /// - Throws: `InputError` where two devices, or two of their runtimes, have one name.
  public init(_ devices: [TargetDevice]) throws {
    var names = Set<String>()
    for name in devices.flatMap({ [$0.name] + $0.setups.map(\.name) }) where !names.insert(name).inserted {
      throw InputError("two devices have the name \"\(name)\"", remedy: "Give each a name of its own.")
    }
    all = devices
  }
}
