import Numerics

/// The knowledge from the source devices: a function for each device, and the variance of the functions over
/// networks.
struct KnownDevices: Codable, Hashable, Sendable {
  let features: StructuralFeatures
  let sources: [SourceFunction]
  let unit: String
  /// The mean of each function over the reference networks.
  let centres: [Double]
  /// The variance of the mean of the centred functions over the reference networks.
  let meanVariance: Double
  /// The variance of the centred functions' differences from their mean.
  let deviationVariance: Double
  /// The variance of the centred functions: of the latencies on a logarithmic scale.
  let variance: Double

  private static let referenceCount = 2000

  /// - Parameters:
  ///   - networks: The greatest number of networks of each device to learn from, drawn by `seed`.
  /// - Throws: `InputError` when the data has no devices or networks, or a device has no measurements.
  init(_ data: LatencyData, networks: Int, seed: UInt64, in context: TrainingContext) throws {
    try data.requireDevices()
    let features = try StructuralFeatures(data.graphs)
    let kernels = StructuralKernels(features)
    let rows = try features.rows(of: data.graphs)
    let logarithms = try data.devices.map { device in
      try data.measurements(on: device.name).map { $0.map { CorrectlyRounded.log($0.latency) } }
    }
    let names = data.devices.map(\.name)
    let sources: [SourceFunction]
    do {
      // A device is too small a task for a job of its own on a cluster.
      var alone = context
      alone.sweepPoints = nil
      sources = try alone.run {
        try sweep(over: Array(names.indices)) { device in
          let measured = logarithms[device].indices.filter { logarithms[device][$0] != nil }
          var random = SeededGenerator(seed: seed &+ UInt64(device))
          let chosen = Array(measured.shuffled(using: &random).prefix(max(networks, 1)))
          return try SourceFunction(
            device: names[device], rows: rows[chosen], logarithms: chosen.compactMap { logarithms[device][$0] },
            kernels: kernels)
        }
      }
    } catch let error as SweepError {
      throw error.failures[0].error
    }
    var random = SeededGenerator(seed: seed)
    let references = rows[
      Array((0..<rows.count).shuffled(using: &random).prefix(Self.referenceCount))]
    let values = sources.map { $0.values(of: references, kernels: kernels, threads: context.threads) }
    let count = Double(references.count)
    let centres = values.map { $0.reduce(0, +) / count }
    let means = (0..<references.count).map { row in
      values.indices.reduce(0) { $0 + values[$1][row] - centres[$1] } / Double(values.count)
    }
    var deviations = 0.0
    var total = 0.0
    for (device, column) in values.enumerated() {
      for (row, value) in column.enumerated() {
        let centred = value - centres[device]
        deviations += (centred - means[row]) * (centred - means[row])
        total += centred * centred
      }
    }
    self.features = features
    self.sources = sources
    unit = data.unit
    self.centres = centres
    meanVariance = max(means.reduce(0) { $0 + $1 * $1 } / count, 1e-12)
    deviationVariance = max(deviations / count / Double(sources.count), 1e-12)
    variance = max(total / count / Double(sources.count), 1e-12)
  }

  init(
    features: StructuralFeatures, sources: [SourceFunction], unit: String, centres: [Double], meanVariance: Double,
    deviationVariance: Double, variance: Double
  ) {
    self.features = features
    self.sources = sources
    self.unit = unit
    self.centres = centres
    self.meanVariance = meanVariance
    self.deviationVariance = deviationVariance
    self.variance = variance
  }

  /// The same knowledge without one of the devices.
  func without(_ device: Int) -> KnownDevices {
    func rest<Value>(_ values: [Value]) -> [Value] { values.indices.filter { $0 != device }.map { values[$0] } }
    return KnownDevices(
      features: features, sources: rest(sources), unit: unit, centres: rest(centres), meanVariance: meanVariance,
      deviationVariance: deviationVariance, variance: variance)
  }

  /// The networks' features for the target's kernels.
  func networks(_ graphs: [NetworkGraph], kernels: StructuralKernels, threads: Int) throws -> KnownNetworks {
    let rows = try features.rows(of: graphs)
    let values = sources.map { $0.values(of: rows, kernels: kernels, threads: threads) }
    return KnownNetworks(rows: rows, values: values, centres: centres)
  }
}

/// Networks with the values of the source devices' functions.
struct KnownNetworks: Codable, Hashable, Sendable {
  let rows: StructuralRows
  /// The mean of the centred functions for each network.
  let means: [Double]
  /// The difference of each function from the mean, row-major, with one row for each network.
  let deviations: [Double]
  let sourceCount: Int

  init(rows: StructuralRows, values: [[Double]], centres: [Double]) {
    self.rows = rows
    sourceCount = values.count
    let means = (0..<rows.count).map { row in
      values.indices.reduce(0) { $0 + values[$1][row] - centres[$1] } / Double(max(values.count, 1))
    }
    self.means = means
    deviations = (0..<rows.count).flatMap { row in values.indices.map { values[$0][row] - centres[$0] - means[row] } }
  }

  init(rows: StructuralRows, means: [Double], deviations: [Double], sourceCount: Int) {
    self.rows = rows
    self.means = means
    self.deviations = deviations
    self.sourceCount = sourceCount
  }

  subscript(chosen: [Int]) -> KnownNetworks {
    KnownNetworks(
      rows: rows[chosen], means: chosen.map { means[$0] },
      deviations: chosen.flatMap { deviations[$0 * sourceCount..<($0 + 1) * sourceCount] }, sourceCount: sourceCount)
  }
}
