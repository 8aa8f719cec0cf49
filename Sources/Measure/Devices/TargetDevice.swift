import Core
import Foundation

/// A machine that models are measured on: this machine, or one that `ssh` reaches.
public struct TargetDevice: Codable, Hashable, Sendable {
  public var name: String
  /// The argument for `ssh`: a host of the user's ssh configuration, or `user@address`; nil for this machine.
  public var host: String?
  /// Options before the host, such as `-p 2222`.
  public var sshOptions: [String]
  /// The Python on the device that has the runtimes.
  public var python: String
  /// The number of processors that other programs may keep busy while models are timed.
  public var quiet: Double
  /// The total time in seconds that measuring waits for other programs to finish.
  public var patience: Double
  /// The setups in which models run on it.
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

  /// The command, typed on this machine, that installs a runtime into its Python. If the system doesn't let pip install
  /// into this Python, the command makes an environment, and says what to write in devices.yaml then.
  public func installCommand(_ runtime: RuntimeKind, on description: DeviceDescription? = nil) -> String {
    if let package = runtime.debianPackage { return "sudo apt install \(package)" }
    let needsEnvironment = description?.isManaged ?? false
    let pip = needsEnvironment ? "~/labbook/bin/pip" : "\(python) -m pip"
    let calls = runtime.pipArguments(forPython: description?.texts["python"]).map { "\(pip) \($0)" }
    var command = ((needsEnvironment ? ["\(python) -m venv ~/labbook"] : []) + calls).joined(separator: " && ")
    if let host { command = (["ssh"] + sshOptions + [host, "'\(command)'"]).joined(separator: " ") }
    return needsEnvironment ? "\(command), then write python: ~/labbook/bin/python in devices.yaml" : command
  }

  /// - Throws: `InputError` when the device has no setup.
  var firstSetup: RuntimeSetup {
    get throws {
      guard let setup = setups.first else { throw InputError("\"\(name)\" has no runtime") }
      return setup
    }
  }

  /// The error of a device without some runtimes, or without what these need.
  func lacking(_ runtimes: [RuntimeKind], on description: DeviceDescription) -> InputError {
    InputError(
      "\"\(name)\" has no \(runtimes.map(description.missing).joined(separator: " and no "))",
      remedy: remedy(for: runtimes, on: description))
  }

  /// What to do about runtimes that the device lacks, or that lack something there.
  func remedy(for runtimes: [RuntimeKind], on description: DeviceDescription) -> String {
    // onnx2tf needs other versions of packages than LiteRT, so it can't be installed beside it.
    let apart = runtimes.filter { description.missingConverter($0) != nil && $0.packagesAlone.isEmpty }
    let commands = runtimes.filter { !apart.contains($0) }.map { installCommand($0, on: description) }
    let remedies =
      (commands.isEmpty ? [] : ["Install it: \(commands.joined(separator: "; "))"])
      + apart.map {
        "Convert the models with a Python of this machine that has it: "
          + "labbook convert --to \($0.rawValue) --python FILE"
      }
    return remedies.joined(separator: ". ")
  }
}
