/// A device that latencies were measured on: a machine with the software that runs networks on it.
public struct Device: Codable, Hashable, Sendable {
  /// The name of the device in tables, such as "epyc-ort-1t".
  public var name: String
  /// The machine or its processor, such as "EPYC 7763".
  public var hardware: String?
  /// The software that ran the networks, such as "ONNX Runtime 1.17".
  public var runtime: String?
  /// The number of threads that the runtime used.
  public var threads: Int?
  /// Named numbers about the device, for predictors that use them: clock in GHz, cache sizes, bandwidths, counters.
  public var descriptor: [String: Double]

  public init(
    _ name: String, hardware: String? = nil, runtime: String? = nil, threads: Int? = nil,
    descriptor: [String: Double] = [:]
  ) {
    self.name = name
    self.hardware = hardware
    self.runtime = runtime
    self.threads = threads
    self.descriptor = descriptor
  }
}

extension Device: ExpressibleByStringLiteral, CustomStringConvertible {
  public init(stringLiteral value: String) { self.init(value) }

  /// The name.
  public var description: String { name }
}
