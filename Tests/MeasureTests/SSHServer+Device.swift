import TestSupport

@testable import Measure

extension SSHServer {
  /// A device that is reached through this server.
  func device(_ device: TestDevice, name: String = "pi", key: String = "user") -> TargetDevice {
    TargetDevice(
      name, host: "127.0.0.1", sshOptions: options(key: key), python: device.path("python"), quiet: 1000, patience: 0)
  }
}
