import Core

/// A runtime with its settings on a device. Latencies of two setups are treated as those of two devices.
public struct RuntimeSetup: Codable, Hashable, Sendable {
  /// The name in tables, such as "pi4-ort-1t".
  public var name: String
  public var runtime: RuntimeKind
  public var threads: Int
  /// The numbers of the processors to run on; nil for as many as there are threads, counted down from the last one.
  public var processors: [Int]?
  /// The memory limit of the runtime's process in MiB; nil for none.
  public var memory: Int?
  /// Additional settings of the runtime, such as `precision: low` of MNN or `optimization: basic` of ONNX Runtime.
  public var options: [String: String]

  /// - Parameter device: The prefix of the setup's name.
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
