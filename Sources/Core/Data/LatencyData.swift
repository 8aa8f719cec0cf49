/// Networks with their latencies on several devices: a sparse table that has each network once.
///
/// ```swift
/// let data = try LatencyData.load(architectures: "cells.jsonl", latencies: "latency.csv")
/// print(data.devices.map(\.name), data.measurementCount)
/// let one = try data[device: "raspi4"]          // a Dataset of the networks that were measured there
/// let common = try data.common(to: ["raspi4", "fpga"])
/// ```
public struct LatencyData: Hashable, Sendable {
  public var name: String?
  /// The unit of the latencies.
  public let unit: String
  /// The networks. Their ids differ.
  public let graphs: [NetworkGraph]
  /// The devices. Their names differ.
  public let devices: [Device]
  /// The measurements of each device, in the devices' order: one for each graph, nil where it was not measured.
  private let columns: [[Measurement?]]

  /// - Parameter measurements: For each device a measurement of each graph, or nil.
  /// - Throws: `InputError` when two ids or names are equal, counts differ, or a measurement is invalid.
  public init(
    name: String? = nil, unit: String = "ms", graphs: [NetworkGraph], devices: [Device],
    measurements: [[Measurement?]]
  ) throws {
    var ids = Set<String>()
    if let twice = graphs.first(where: { !ids.insert($0.id).inserted }) {
      throw InputError.twoWithID(twice.id, "graphs")
    }
    var names = Set<String>()
    if let twice = devices.first(where: { !names.insert($0.name).inserted }) {
      throw InputError.twoDevices(named: twice.name)
    }
    guard measurements.count == devices.count, measurements.allSatisfy({ $0.count == graphs.count }) else {
      throw InputError(
        "the number of measurements doesn't match \(devices.count) devices and \(graphs.count) graphs",
        remedy: "Give a list of each graph's measurement for every device, with nil where there is none.")
    }
    for (device, column) in zip(devices, measurements) {
      for (graph, measurement) in zip(graphs, column) {
        do {
          try measurement?.validate()
        } catch let error as InputError {
          throw InputError("\"\(graph.id)\" on \"\(device)\": \(error.cause)", remedy: error.remedy)
        }
      }
    }
    self.name = name
    self.unit = unit
    self.graphs = graphs
    self.devices = devices
    columns = measurements
  }

  /// The number of measurements on all devices together.
  public var measurementCount: Int { columns.reduce(0) { $0 + $1.count { $0 != nil } } }

  /// The measurements on a device, one for each graph; nil where there is none.
  /// - Throws: `InputError` that names the existing devices and the most similar name.
  public func measurements(on device: String) throws -> [Measurement?] {
    columns[try index(of: device)]
  }

  /// The networks that were measured on a device, with their latencies, as a data set.
  /// - Throws: `InputError` that names the existing devices and the most similar name.
  public subscript(device name: String) -> Dataset {
    get throws {
      let index = try index(of: name)
      let measured = graphs.indices.filter { columns[index][$0] != nil }
      return dataset(index, measured)
    }
  }

  /// For each of some devices (nil for all), the data set of the networks that were measured on all of them, in the
  /// same order.
  /// - Throws: `InputError` when a device is unknown, or no network was measured on all of them.
  public func common(to names: [String]? = nil) throws -> [Dataset] {
    let chosen = try names?.map(index) ?? Array(devices.indices)
    let measured = graphs.indices.filter { graph in chosen.allSatisfy { columns[$0][graph] != nil } }
    guard !measured.isEmpty else {
      throw InputError(
        "no network was measured on all of \(quotedList(chosen.map { devices[$0].name }))",
        remedy: "Take fewer devices, or measure some networks on all of them.")
    }
    return chosen.map { dataset($0, measured) }
  }

  /// The same data with only the devices `names`, in this order.
  /// - Throws: `InputError` when a device is unknown or named twice.
  public func selecting(_ names: [String]) throws -> LatencyData {
    let chosen = try names.map(index)
    return try LatencyData(
      name: name, unit: unit, graphs: graphs, devices: chosen.map { devices[$0] },
      measurements: chosen.map { columns[$0] })
  }

  /// The same data with only the networks at these indices, in this order.
  /// - Precondition: The indices are in `0..<graphs.count`.
  /// - Throws: `InputError` when an index appears twice.
  public func selecting(networks: [Int]) throws -> LatencyData {
    try LatencyData(
      name: name, unit: unit, graphs: networks.map { graphs[$0] }, devices: devices,
      measurements: columns.map { column in networks.map { column[$0] } })
  }

  private func dataset(_ device: Int, _ measured: [Int]) -> Dataset {
    Dataset(
      name: name, measuredOn: devices[device], unit: unit,
      uncheckedSamples: measured.map { graph in
        Dataset.Sample(graph: graphs[graph], latency: columns[device][graph]?.latency ?? .nan)
      })
  }

  private func index(of name: String) throws -> Int {
    guard let index = devices.firstIndex(where: { $0.name == name }) else {
      throw InputError(
        "the data has no device \"\(name)\"",
        remedy: InputError.remedy(unknown: name, among: devices.map(\.name), called: "devices"))
    }
    return index
  }
}

extension LatencyData: Codable {
  private enum Key: String, CodingKey { case name, unit, graphs, devices, measurements }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    do {
      try self.init(
        name: container.decodeIfPresent(String.self, forKey: .name), unit: container.decode(String.self, forKey: .unit),
        graphs: container.decode(Dataset.self, forKey: .graphs).graphs,
        devices: container.decode([Device].self, forKey: .devices),
        measurements: container.decode([[Measurement?]].self, forKey: .measurements))
    } catch let error as InputError {
      throw DecodingError.dataCorruptedError(forKey: .measurements, in: container, debugDescription: error.cause)
    }
  }

  /// Writes the graphs once, in the compact form of a data set.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encodeIfPresent(name, forKey: .name)
    try container.encode(unit, forKey: .unit)
    try container.encode(
      Dataset(
        name: nil, measuredOn: "", unit: "", uncheckedSamples: graphs.map { Dataset.Sample(graph: $0, latency: 1) }),
      forKey: .graphs)
    try container.encode(devices, forKey: .devices)
    try container.encode(columns, forKey: .measurements)
  }
}
