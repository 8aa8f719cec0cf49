import Core
import Foundation

/// A machine that models are measured on: this one, or one that `ssh` reaches.
public struct TargetDevice: Codable, Hashable, Sendable {
  public var name: String
  /// What `ssh` is given: a host of the user's own configuration, or `user@address`; nil for this machine.
  public var host: String?
  /// Options that go before the host, such as `-p 2222`.
  public var sshOptions: [String]
  /// The Python there that has the runtimes.
  public var python: String
  /// How many processors others may keep busy while models are timed.
  public var quiet: Double
  /// Seconds that measuring waits in all for others to finish.
  public var patience: Double
  /// The ways to run models on it.
  public var setups: [RuntimeSetup]

  public init(
    _ name: String, host: String? = nil, sshOptions: [String] = [], python: String = "python3", quiet: Double = 0.15,
    patience: Double = 600, setups: [RuntimeSetup]? = nil
  ) {
    self.name = name
    self.host = host
    self.sshOptions = sshOptions
    self.python = python
    self.quiet = quiet
    self.patience = patience
    self.setups = setups ?? [RuntimeSetup(.onnxruntime, on: name)]
  }

  /// The command that installs a runtime into its Python, as it is typed on this machine.
  public func installCommand(_ runtime: RuntimeKind) -> String {
    if let package = runtime.debianPackage { return "sudo apt install \(package)" }
    let command = "\(python) -m pip install \(runtime.packages.joined(separator: " "))"
    guard let host else { return command }
    return (["ssh"] + sshOptions + [host, "'\(command)'"]).joined(separator: " ")
  }
}
