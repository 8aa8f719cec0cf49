import Core

/// A device's description of itself: properties on which latencies may depend.
public struct DeviceDescription: Codable, Hashable, Sendable {
  /// Texts by name: `processor`, `model`, `machine`, `host`, `governor`, `kernel`, `system`, `glibc`, `python`,
  /// `virtual`, as far as the device knows them.
  public var texts: [String: String]
  /// Numbers by name: `cores`, `clock_ghz` (the highest), `memory_gib`, `l1_kib`, `l2_kib`, `l3_kib`.
  public var numbers: [String: Double]
  /// The versions of the runtimes in its Python, by `RuntimeKind`.
  public var runtimes: [String: String]
  /// What a runtime that is there needs and lacks, by `RuntimeKind`; such a runtime has no version in `runtimes`. With
  /// the suffix `-onnx`, as in `ncnn-onnx`, it is the converter of ONNX models that a runtime lacks, which can be used
  /// for models in its own format only.
  public var lacking: [String: String]?
  /// Whether the system doesn't let pip install packages into this Python (PEP 668), as Debian's since version 12.
  public var isManaged: Bool?

  public init(
    texts: [String: String] = [:], numbers: [String: Double] = [:], runtimes: [String: String] = [:],
    lacking: [String: String]? = nil, isManaged: Bool? = nil
  ) {
    self.texts = texts
    self.numbers = numbers
    self.runtimes = runtimes
    self.lacking = lacking
    self.isManaged = isManaged
  }

  /// A runtime with its version, or that it is missing.
  func state(of runtime: RuntimeKind) -> String {
    if let version = runtimes[runtime.rawValue] { return "\(runtime.title) \(version)" }
    return "\(runtime.title) " + (lacking?[runtime.rawValue].map { "lacks \($0)" } ?? "is missing")
  }

  /// What a runtime lacks: itself, what it needs, or its converter.
  func missing(_ runtime: RuntimeKind) -> String {
    if let need = lacking?[runtime.rawValue] { return "\(need), which \(runtime.title) needs" }
    return missingConverter(runtime).map { "\($0), which converts ONNX models for \(runtime.title)" } ?? runtime.title
  }

  /// The converter of ONNX models that a runtime lacks; nil if it lacks none, or is missing itself.
  func missingConverter(_ runtime: RuntimeKind) -> String? {
    runtimes[runtime.rawValue] == nil ? nil : lacking?["\(runtime.rawValue)-onnx"]
  }

  /// The device in the form of data sets.
  public func device(_ setup: RuntimeSetup) -> Device {
    let version = runtimes[setup.runtime.rawValue].map { " \($0)" } ?? ""
    return Device(
      setup.name, hardware: texts["model"] ?? texts["processor"], runtime: setup.runtime.title + version,
      threads: setup.threads, descriptor: numbers)
  }

  /// The differences from an earlier description that can change latencies, each as a clause.
  public func changes(since earlier: DeviceDescription, runtime: RuntimeKind) -> [String] {
    let names = ["processor", "model", "machine", "governor", "kernel", "system", "glibc"]
    var changes = names.compactMap { name -> String? in
      guard let before = earlier.texts[name], let now = texts[name], before != now else { return nil }
      return "its \(name) was \(before) and is \(now)"
    }
    if let before = earlier.runtimes[runtime.rawValue], let now = runtimes[runtime.rawValue], before != now {
      changes.append("\(runtime.title) was \(before) and is \(now)")
    }
    for name in ["cores", "clock_ghz", "memory_gib"] {
      guard let before = earlier.numbers[name], let now = numbers[name], abs(before - now) > 0.01 * before else {
        continue
      }
      changes.append("its \(name) was \(before) and is \(now)")
    }
    return changes
  }
}
