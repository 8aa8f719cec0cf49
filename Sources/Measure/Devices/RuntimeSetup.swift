import Core

/// A runtime with its settings on a device. Latencies of two setups are treated as those of two devices.
public struct RuntimeSetup: Codable, Hashable, Sendable {
  /// The name in tables, such as "pi4-ort-1t".
  public var name: String
  public var runtime: RuntimeKind
  public var threads: Int
  /// The numbers of the processors to run on; nil for as many as there are threads: the last ones, one of each core if
  /// there are enough cores.
  public var processors: [Int]?
  /// The memory limit of the runtime's process in MiB; nil for none.
  public var memory: Int?
  /// Additional settings of the runtime, such as `precision: low` of MNN or `optimization: basic` of ONNX Runtime. Only
  /// a device file's are checked, when it is read.
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

  /// The differences from an earlier setup of the same name that can change latencies, each as a clause.
  func changes(since earlier: RuntimeSetup) -> [String] {
    func text(_ processors: [Int]?) -> String { processors.map { "\($0)" } ?? "the last ones" }
    func text(_ options: [String: String]) -> String {
      options.isEmpty
        ? "none" : options.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
    }
    func text(_ memory: Int?) -> String { memory.map { "\($0) MiB" } ?? "unlimited" }
    let pairs = [
      ("runtime", earlier.runtime.title, runtime.title), ("number of threads", "\(earlier.threads)", "\(threads)"),
      ("list of processors", text(earlier.processors), text(processors)),
      ("memory", text(earlier.memory), text(memory)), ("list of options", text(earlier.options), text(options)),
    ]
    return pairs.filter { $0.1 != $0.2 }.map { "its \($0.0) was \($0.1) and is \($0.2)" }
  }
}
