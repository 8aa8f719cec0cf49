import Foundation
import Numerics

/// k nearest neighbours: the latency of a network is the mean of the most similar training networks' latencies.
///
/// The features of a network are those sums of `OperationTerm` that differ between training graphs, each scaled to
/// standard deviation 1 over the training part; d is the Euclidean distance. With y_i the latencies of the k nearest
/// networks and w_i = 1 / (d_i + 1e-9), the prediction is the weighted geometric mean
///
///     exp(sum of w_i log y_i / sum of w_i)
///
/// and the spread is the weighted standard deviation of log y_i. Of neighbours at the same distance, earlier ones
/// count.
///
/// ```swift
/// let fit = try NearestNeighbors(k: 5).fit(to: data, split: split, label: "5-NN")
/// ```
public struct NearestNeighbors: Recipe {
  public typealias Predictor = NearestNeighborsPredictor

  /// The number of neighbours, at least 1. With fewer training networks, all of them count.
  public var k: Int

  public init(k: Int = 5) {
    self.k = k
  }

  /// Learning is quicker than reading a stored result.
  public var keepsResults: Bool { false }

  /// - Throws: `InputError` when k is below 1, a latency is not above 0, or an operation is unknown.
  public func learn(from data: Dataset, split: Split, in context: TrainingContext) throws -> Fit<NearestNeighbors> {
    guard k >= 1 else {
      throw InputError("the number of nearest neighbours is \(k)", remedy: "Use at least 1; 5 is usual.")
    }
    return Fit(self, try NearestNeighborsPredictor(k: k, fitting: data[split.training]))
  }
}

/// The training networks' features and latencies.
public struct NearestNeighborsPredictor: StorablePredictor {
  public static let family = "nearest-neighbors"

  public let k: Int
  /// The features: one for each term that differs between training graphs.
  public let terms: [OperationTerm]
  /// The standard deviation of each feature over the training graphs, which is positive.
  public let deviations: [Double]
  /// The scaled features, row-major, with a row of `terms.count` numbers for each training graph.
  private let features: [Double]
  /// The natural logarithm of each training graph's latency.
  private let logarithms: [Double]
  private let operations: OperationRegistry
  public let unit: String
  public let device: Device

  init(k: Int, fitting data: Dataset) throws {
    try data.requirePositiveLatencies(for: "nearest neighbours need")
    let varying = try VaryingTerms(fitting: data.graphs)
    self.k = k
    operations = varying.operations
    terms = varying.terms
    deviations = varying.deviations
    features = varying.sums.flatMap { sums in zip(varying.terms, varying.deviations).map { (sums[$0] ?? 0) / $1 } }
    logarithms = data.latencies.map { CorrectlyRounded.log($0) }
    unit = data.unit
    device = data.measuredOn
  }

  public func predict(_ graphs: [NetworkGraph]) throws -> [Double] { try estimate(graphs).map(\.latency) }

  public func estimate(_ graphs: [NetworkGraph]) throws -> [LatencyEstimate] {
    let nodes = DistinctNodes(graphs)
    try nodes.requireOperations(of: operations)
    let sums = TermColumns(terms, nodes: nodes.nodes, registry: operations)
    let width = SIMD8<Double>.scalarCount
    var results = [LatencyEstimate](repeating: LatencyEstimate(latency: 0), count: graphs.count)
    let parts = (graphs.count + width - 1) / width
    let team = ThreadTeam(min(TrainingContext.current.threads, parts))
    results.withUnsafeMutableBufferPointer { results in
      let results = results
      team.forEach(parts) { part, _ in
        let some = part * width..<min((part + 1) * width, results.count)
        var wanted = [SIMD8<Double>](repeating: .zero, count: terms.count)
        var row = [Double](repeating: 0, count: terms.count)
        for graph in some {
          for column in row.indices { row[column] = 0 }
          sums.add(nodes[graph], of: graphs[graph], to: &row)
          for column in row.indices { wanted[column][graph - some.lowerBound] = row[column] / deviations[column] }
        }
        let neighbours = nearest(to: wanted, count: some.count)
        for graph in some { results[graph] = estimate(neighbours[graph - some.lowerBound]) }
      }
    }
    return results
  }

  /// The nearest training graphs of some graphs, at most eight, which are compared together.
  ///
  /// - Parameters:
  ///   - wanted: The scaled features, one graph in each lane.
  ///   - count: The number of graphs.
  private func nearest(to wanted: [SIMD8<Double>], count: Int) -> [[Neighbour]] {
    var selections = [NearestSelection](
      repeating: NearestSelection(count: min(k, logarithms.count)), count: count)
    for sample in logarithms.indices {
      let start = sample * wanted.count
      var sum = SIMD8<Double>.zero
      for column in wanted.indices {
        let difference = features[start + column] - wanted[column]
        sum += difference * difference
      }
      let distances = sum.squareRoot()
      for lane in selections.indices { selections[lane].add(Neighbour(sample: sample, distance: distances[lane])) }
    }
    return selections.map(\.nearest)
  }

  private func estimate(_ nearest: [Neighbour]) -> LatencyEstimate {
    let weights = nearest.map { 1 / ($0.distance + 1e-9) }
    let sum = weights.reduce(0, +)
    let mean = zip(nearest, weights).reduce(0) { $0 + logarithms[$1.0.sample] * $1.1 } / sum
    let variance =
      zip(nearest, weights).reduce(0) {
        $0 + (logarithms[$1.0.sample] - mean) * (logarithms[$1.0.sample] - mean) * $1.1
      } / sum
    return LatencyEstimate(latency: CorrectlyRounded.exp(mean), spread: nearest.count > 1 ? variance.squareRoot() : nil)
  }

  public func write(to archive: inout PredictorArchive) throws {
    try archive.set("k", to: k)
    try archive.set("terms", to: terms)
    try archive.set("operations", to: operations)
    archive.setTensor("deviations", deviations)
    archive.setTensor("features", features, shape: [logarithms.count, terms.count])
    archive.setTensor("logarithms", logarithms)
  }

  public init(reading archive: PredictorArchive) throws {
    k = try archive.value("k")
    terms = try archive.value("terms")
    operations = try archive.value("operations")
    deviations = try archive.doubles("deviations", shape: [terms.count])
    logarithms = try archive.doubles("logarithms")
    features = try archive.doubles("features", shape: [logarithms.count, terms.count])
    unit = try archive.unit
    device = try archive.device
    if k < 1 || logarithms.isEmpty { throw archive.damage("the neighbours are missing") }
  }
}

/// A training graph and its distance from another graph.
struct Neighbour: Equatable {
  let sample: Int
  let distance: Double
}

/// Selects the nearest of many neighbours, of equally near ones those that were added first. At most twice as many as
/// are wanted are kept, so that not all have to be sorted.
struct NearestSelection {
  private let count: Int
  private var candidates: [Neighbour] = []
  /// The distance from which on later neighbours aren't among the nearest.
  private var limit: Double?

  /// - Parameter count: The number of neighbours to select, at least 1.
  init(count: Int) {
    self.count = count
  }

  /// - Parameter neighbour: A neighbour with a greater number than all that were added before.
  mutating func add(_ neighbour: Neighbour) {
    if let limit, !(neighbour.distance < limit) { return }
    candidates.append(neighbour)
    if candidates.count >= 2 * count {
      candidates = nearest
      limit = candidates.last?.distance
    }
  }

  /// The nearest neighbours, ascending.
  var nearest: [Neighbour] {
    Array(candidates.sorted { ($0.distance, $0.sample) < ($1.distance, $1.sample) }.prefix(count))
  }
}
