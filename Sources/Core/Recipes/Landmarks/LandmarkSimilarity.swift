internal import Basics
import Foundation
import Numerics

/// A perceptron on the similarities of a network to some measured ones, after Sniper (Liu and others, 2022): similar
/// networks have similar latencies. Sniper's features and sizes are not published; they are Labbook's interpretation.
///
/// Landmarks are training networks at the centres of clusters (k-medoids of 1 - similarity, `NetworkProfile`). The
/// features of a network are its similarities to the landmarks; the mean of the landmarks' log latencies, weighted by
/// the fourth power of the similarities; and the logarithms of its FLOPs and elements. A perceptron with two layers
/// of 64 units learns the latency from them. An operation that no training network has makes a network less similar to
/// all landmarks; `LandmarkPredictor.warnings(for:)` names it.
///
/// ```swift
/// let fit = try LandmarkSimilarity(landmarks: 32, options: .recommended(for: 400)).fit(to: data, split: split)
/// ```
public struct LandmarkSimilarity: Recipe {
  public typealias Predictor = LandmarkPredictor

  /// The number of landmarks. With fewer training networks, all of them are landmarks.
  public var landmarks: Int
  public var hiddenUnits: [Int]
  public var options: TrainingOptions

  public init(
    landmarks: Int = 32, hiddenUnits: [Int] = [64, 64],
    options: TrainingOptions = TrainingOptions(
      epochs: 200, batchSize: 16, learningRate: 2e-3, schedule: .cosine(), loss: .relativeHuber(threshold: 0.03),
      targetScaling: .logarithmic, weights: .lastEpoch)
  ) {
    self.landmarks = landmarks
    self.hiddenUnits = hiddenUnits
    self.options = options
  }

  public func reseeded(by offset: UInt64) -> LandmarkSimilarity {
    var recipe = self
    recipe.options.seed &+= offset
    return recipe
  }

  private static let mostCandidates = 300

  /// - Throws: `InputError` when a setting or the data is invalid, `TrainingDivergence` when the loss diverges.
  public func learn(
    from data: Dataset, split: Split, in context: TrainingContext
  ) throws -> Fit<LandmarkSimilarity> {
    guard landmarks >= 1 else {
      throw InputError("networks can't be compared with \(landmarks) landmarks", remedy: "32 landmarks are usual.")
    }
    let used = split.training + split.validation
    let samples = data[used]
    let training = data[split.training]
    try samples.requirePositiveLatencies(for: "landmarks need")
    let candidates = training.samples.indices.evenlySpaced(Self.mostCandidates)
    let profiles = candidates.map { NetworkProfile(training.samples[$0].graph) }
    let medoids = Medoids.choose(landmarks, of: profiles.count) { 1 - profiles[$0].similarity(to: profiles[$1]) }
    let chosen = medoids.map { candidates[$0] }
    let landmarkOfSample = Dictionary(uniqueKeysWithValues: zip(chosen, chosen.indices))
    let features = LandmarkFeatures(
      profiles: medoids.map { profiles[$0] }, logarithms: chosen.map { CorrectlyRounded.log(training.latencies[$0]) },
      fitting: training.graphs, landmarks: landmarkOfSample)
    let model = try PerceptronModel(inputs: features.count, hiddenUnits: hiddenUnits, layerNorm: true, dropout: 0)
    let trained = try TapeTrainer(
      model, inputs: features.rows(of: samples.graphs, landmarks: landmarkOfSample), targets: samples.latencies,
      training: Array(0..<split.training.count), validation: Array(split.training.count..<used.count),
      options: options, context: context
    ).run(from: context.checkpoint?.state(TrainerState.self))
    return Fit(
      self,
      LandmarkPredictor(
        features: features, model: model, parameters: trained.parameters, scale: trained.scale,
        operations: training.graphs.operations, unit: data.unit, device: data.measuredOn),
      curve: trained.curve, chosenEpoch: trained.chosenEpoch, seconds: trained.seconds)
  }
}

/// The features of a network that landmarks give.
struct LandmarkFeatures: CheckedStructure, Codable, Hashable, Sendable {
  let profiles: [NetworkProfile]
  /// The logarithms of the landmarks' latencies.
  let logarithms: [Double]
  private var means: [Double] = []
  private var deviations: [Double] = []

  /// - Parameter landmarks: The landmarks among the graphs: the number of the landmark by that of the graph.
  init(
    profiles: [NetworkProfile], logarithms: [Double], fitting graphs: [NetworkGraph], landmarks: [Int: Int] = [:]
  ) {
    self.profiles = profiles
    self.logarithms = logarithms
    let rows = graphs.enumerated().map { raw($1, except: landmarks[$0]) }
    let size = Double(max(rows.count, 1))
    means = (0..<count).map { column in rows.reduce(0) { $0 + $1[column] } / size }
    deviations = (0..<count).map { column in
      let variance = rows.reduce(0) { $0 + ($1[column] - means[column]) * ($1[column] - means[column]) } / size
      return variance > 1e-18 ? variance.squareRoot() : 1
    }
  }

  var count: Int { profiles.count + 3 }

  /// - Parameter landmark: The landmark that the graph itself is. Its latency is left out of the mean, because it is
  ///   what is to be learned from the others.
  private func raw(_ graph: NetworkGraph, except landmark: Int? = nil) -> [Double] {
    let profile = NetworkProfile(graph)
    let similarities = profiles.map { profile.similarity(to: $0) }
    var weights = similarities.map { $0 * $0 * $0 * $0 + 1e-9 }
    if let landmark, weights.count > 1 { weights[landmark] = 0 }
    let mean =
      zip(weights, logarithms).reduce(0) { $0 + $1.0 * $1.1 } / max(weights.reduce(0, +), Double.leastNormalMagnitude)
    let elements = graph.nodes.reduce(0) { $0 + Double($1[.outputChannels] ?? 0) * ($1.outputPositions ?? 1) }
    return similarities + [
      mean, CorrectlyRounded.log1p(graph.totalFloatingPointOperations()), CorrectlyRounded.log1p(elements),
    ]
  }

  /// - Parameter landmarks: The landmarks among the graphs, for training; predictions have none.
  func rows(of graphs: [NetworkGraph], landmarks: [Int: Int] = [:]) -> SampleRows {
    SampleRows(
      count: graphs.count, columns: count,
      values: graphs.enumerated().flatMap { index, graph in
        zip(raw(graph, except: landmarks[index]), zip(means, deviations)).map { Float(($0 - $1.0) / $1.1) }
      })
  }

  var isSound: Bool {
    logarithms.count == profiles.count && means.count == count && deviations.count == count
      && profiles.allSatisfy { $0.keys.count == $0.weights.count }
  }
}

/// The predictor of `LandmarkSimilarity`.
public struct LandmarkPredictor: StorablePredictor {
  public static let family = "landmark-similarity"

  let features: LandmarkFeatures
  let model: PerceptronModel
  let parameters: [Float]
  let scale: TargetScale
  /// The operations of the training networks; nil in files of earlier versions.
  private let operations: [NetworkOperation]?
  public let unit: String
  public let device: Device

  init(
    features: LandmarkFeatures, model: PerceptronModel, parameters: [Float], scale: TargetScale,
    operations: [NetworkOperation], unit: String, device: Device
  ) {
    self.features = features
    self.model = model
    self.parameters = parameters
    self.scale = scale
    self.operations = operations
    self.unit = unit
    self.device = device
  }

  public func predict(_ graphs: [NetworkGraph]) throws -> [Double] {
    let rows = features.rows(of: graphs)
    return try model.outputs(
      rows.count, of: rows, parameters: ParameterVector(model.layout, values: parameters),
      on: Tape(threads: TrainingContext.current.threads)
    ).map { scale.unscaled(Double($0)) }
  }

  /// A warning for each node with an operation that no training network has.
  public func warnings(for graphs: [NetworkGraph]) -> [PredictionWarning] {
    operations.map { graphs.warnings(outside: $0, fallback: "it is like no node of a landmark") } ?? []
  }

  public func write(to archive: inout PredictorArchive) throws {
    try archive.set("features", to: features)
    try archive.set("model", to: model)
    try archive.set("scale", to: scale)
    if let operations { try archive.set("operations", to: operations) }
    archive.setParameters(parameters, of: model.layout)
  }

  public init(reading archive: PredictorArchive) throws {
    features = try archive.value("features")
    model = try archive.perceptron(reading: features.count, "features")
    parameters = try archive.parameters(of: model.layout)
    scale = try archive.value("scale")
    operations = try archive.value(ifPresent: "operations")
    unit = try archive.unit
    device = try archive.device
  }
}
