import Core
import Foundation

/// The report of `labbook devices` on one device.
public struct DeviceReport: Sendable {
  public var device: TargetDevice
  /// The device's description of itself; nil for a device that can't be used as it is.
  public var description: DeviceDescription?
  /// The reason why it can't be used.
  public var problem: InputError?

  /// Queries the device.
  public init(asking device: TargetDevice) throws {
    self.device = device
    do {
      let session = try device.session()
      defer { session.end() }
      description = try session.describe()
      if device.host == nil { description?.runtimes.merge(RuntimeKind.builtInVersions) { asked, _ in asked } }
    } catch let error as InputError {
      problem = error
    } catch let loss as AgentSession.Loss {
      problem = loss.refusal ?? InputError("\"\(device.name)\": \(loss)", remedy: "Try again.")
    }
  }

  /// The runtimes that devices.yaml names and that its Python lacks.
  public var missing: [RuntimeKind] {
    runtimes { description, runtime in description.runtimes[runtime.rawValue] == nil }
  }

  /// The runtimes that are there and can't run ONNX models, because their converter is missing.
  var withoutConverter: [RuntimeKind] {
    runtimes { description, runtime in description.missingConverter(runtime) != nil }
  }

  /// The runtimes that devices.yaml names and for which this is true, each once.
  private func runtimes(where isWanted: (DeviceDescription, RuntimeKind) -> Bool) -> [RuntimeKind] {
    guard let description else { return [] }
    var kinds: [RuntimeKind] = []
    for setup in device.setups where !kinds.contains(setup.runtime) && isWanted(description, setup.runtime) {
      kinds.append(setup.runtime)
    }
    return kinds
  }

  /// The report as lines for a terminal.
  public var lines: [String] {
    let head = "\(device.name)\(device.host.map { " (\($0))" } ?? " (this machine)")"
    guard let description else {
      return [head] + (problem.map { ["  \($0.cause)"] + ($0.remedy.map { ["  \($0)"] } ?? []) } ?? [])
    }
    let texts = description.texts
    let numbers = description.numbers
    func number(_ name: String, _ unit: String) -> String? {
      numbers[name].flatMap { $0 > 0 ? String(format: "%g \(unit)", $0) : nil }
    }
    let processor = [
      texts["model"] ?? texts["processor"], number("cores", "cores"), number("clock_ghz", "GHz"),
      number("memory_gib", "GiB"),
    ]
    let caches = ["l1_kib", "l2_kib", "l3_kib"].compactMap { name in
      number(name, "KiB").map { "\(name.prefix(2).uppercased()) \($0)" }
    }
    let system = [
      texts["system"], texts["kernel"].map { "Linux \($0)" }, texts["machine"], texts["glibc"].map { "glibc \($0)" },
      texts["python"].map { "Python \($0)" }, texts["governor"].map { "governor \($0)" },
      texts["virtual"].map { _ in "a virtual machine" },
    ]
    var lines = [head, "  " + processor.compactMap(\.self).joined(separator: ", ")]
    if !caches.isEmpty { lines.append("  " + caches.joined(separator: ", ")) }
    lines.append("  " + system.compactMap(\.self).joined(separator: ", "))
    for setup in device.setups {
      let threads = setup.threads == 1 ? "1 thread" : "\(setup.threads) threads"
      lines.append("  \(setup.name): \(description.state(of: setup.runtime)), \(threads)")
    }
    for runtime in missing {
      lines.append("  to install \(runtime.title): \(device.installCommand(runtime, on: description))")
    }
    for runtime in withoutConverter {
      lines.append("  no \(description.missing(runtime)). \(device.remedy(for: [runtime], on: description))")
    }
    if let governor = texts["governor"], governor != "performance" {
      lines.append("  its clock changes with its load (governor \(governor)): latencies vary less with performance")
    }
    return lines
  }

  /// Removes the models of measurements from the device's cache.
  public static func clean(_ device: TargetDevice) throws -> (files: Int, bytes: Int) {
    do {
      let session = try device.session()
      defer { session.end() }
      return try session.clean()
    } catch let loss as AgentSession.Loss {
      throw loss.refusal ?? InputError("\"\(device.name)\": \(loss)", remedy: "Try again.")
    }
  }
}
