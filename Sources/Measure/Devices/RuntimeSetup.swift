import Core

/// A runtime with the settings that models are run with on a device. Latencies of two setups are two devices' latencies.
public struct RuntimeSetup: Codable, Hashable, Sendable {
  /// The device's name in tables, such as "pi4-ort-1t".
  public var name: String
  public var runtime: RuntimeKind
  public var threads: Int
  /// The numbers of the processors to run on; nil for as many as threads, from the last one down.
  public var processors: [Int]?
  /// The memory that the runtime's process may take, in MiB; nil for all there is.
  public var memory: Int?
  /// Settings of the runtime's own, such as `precision: low` of MNN or `optimization: basic` of ONNX Runtime.
  public var options: [String: String]

  /// - Parameter device: The name that the setup's own begins with.
  public init(
    _ runtime: RuntimeKind, on device: String, threads: Int = 1, processors: [Int]? = nil, memory: Int? = nil,
    options: [String: String] = [:], name: String? = nil
  ) {
    self.name = name ?? "\(device)-\(runtime.shortName)-\(threads)t"
    self.runtime = runtime
    self.threads = threads
    self.processors = processors
    self.memory = memory
    self.options = options
  }
}
