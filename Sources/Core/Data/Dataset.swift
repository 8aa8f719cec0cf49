/// Networks with their latencies on one device.
///
/// ```swift
/// let data = try Dataset.load(
///   architectures: "architectures.jsonl", latencies: "latency.csv", device: "epyc-ort-1t")
/// let split = try data.split(.shuffled(seed: 1))
/// let training = data[split.training]
/// ```
public struct Dataset: Hashable, Sendable {
  /// A network and its latency.
  public struct Sample: Hashable, Sendable {
    public var graph: NetworkGraph
    /// The latency, which is positive, in the data set's unit.
    public var latency: Double

    public init(graph: NetworkGraph, latency: Double) {
      self.graph = graph
      self.latency = latency
    }
  }

  public var name: String?
  /// The device that the latencies were measured on.
  public var measuredOn: Device
  /// The unit of the latencies.
  public var unit: String
  public internal(set) var samples: [Sample]

  /// - Parameter latencies: The latency of each graph, in the graphs' order.
  /// - Throws: `InputError` when the numbers of graphs and latencies differ, two graphs have the same id, or a
  ///   latency is not a positive number.
  public init(
    name: String? = nil, device: String, unit: String = "ms", graphs: [NetworkGraph], latencies: [Double]
  ) throws {
    try self.init(name: name, measuredOn: Device(device), unit: unit, graphs: graphs, latencies: latencies)
  }

  /// Makes a data set for a device with a description.
  public init(
    name: String? = nil, measuredOn device: Device, unit: String = "ms", graphs: [NetworkGraph], latencies: [Double]
  ) throws {
    guard graphs.count == latencies.count else {
      throw InputError("there are \(graphs.count) graphs, but \(latencies.count) latencies")
    }
    var ids = Set<String>(minimumCapacity: graphs.count)
    for (graph, latency) in zip(graphs, latencies) {
      guard ids.insert(graph.id).inserted else {
        throw InputError.twoWithID(graph.id, "graphs")
      }
      guard latency > 0, latency.isFinite else {
        throw InputError("the latency \(latency) of \"\(graph.id)\" is not a positive number")
      }
    }
    self.name = name
    measuredOn = device
    self.unit = unit
    samples = zip(graphs, latencies).map { Sample(graph: $0, latency: $1) }
  }

  /// A data set whose samples were checked before, or whose latencies stand for numbers that needn't be positive.
  init(name: String?, measuredOn device: Device, unit: String, uncheckedSamples: [Sample]) {
    self.name = name
    measuredOn = device
    self.unit = unit
    samples = uncheckedSamples
  }

  /// The name of the device that the latencies were measured on.
  public var device: String {
    get { measuredOn.name }
    set { measuredOn.name = newValue }
  }

  public var count: Int { samples.count }
  public var graphs: [NetworkGraph] { samples.map(\.graph) }
  public var latencies: [Double] { samples.map(\.latency) }

  /// The samples at `indices`, in their order.
  /// - Precondition: Indices are in `0..<count`.
  public subscript(indices: [Int]) -> Dataset {
    Dataset(name: name, measuredOn: measuredOn, unit: unit, uncheckedSamples: indices.map { samples[$0] })
  }

  /// The positions of the graphs with these ids, in the order of `ids`.
  /// - Throws: `InputError` that names the first unknown id.
  public func indices(of ids: [String]) throws -> [Int] {
    let index = Dictionary(zip(samples.map(\.graph.id), samples.indices), uniquingKeysWith: { first, _ in first })
    return try ids.map { id in
      guard let index = index[id] else {
        throw InputError("the data set has no architecture \"\(id)\"")
      }
      return index
    }
  }

  /// The values of a property, one for each sample.
  /// - Throws: `InputError` that names the first graph without the property, and the existing properties.
  public func property(_ name: String) throws -> [Double] {
    try samples.map { sample in
      guard let value = sample.graph.properties[name] else {
        throw InputError(
          "the architecture \"\(sample.graph.id)\" has no property \"\(name)\"",
          remedy: InputError.remedy(
            unknown: name, among: sample.graph.properties.keys.sorted(), called: "properties"))
      }
      return value
    }
  }
}
