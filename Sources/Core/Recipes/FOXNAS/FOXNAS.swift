import Foundation
import Numerics

/// FOX-NAS (Liu and others, ICCV Workshops 2021): multiple regression on a few interpretable terms of each of a
/// network's stages.
///
/// A stage consists of all operations at one resolution. Its terms are the number of convolutions, their mean output
/// channels, their mean kernel size, the products of each mean with the number, and the mean ratio of input to output
/// channels, which represents the expansion. The latency is the intercept plus a coefficient times each term, fitted
/// by ordinary least squares.
///
/// ```swift
/// let fit = try FOXNAS().fit(to: data, split: split, label: "FOX-NAS")
/// for effect in fit.predictor.regression.effects { print(effect.name, effect.coefficient, effect.t) }
/// ```
///
/// The paper's 35 terms describe the five stages of its supernet: see `FOXNASTable`. These terms are of the same kind
/// for any network whose convolutions have sizes; this choice is our reading. Convolutions at a resolution that no
/// training network has belong to the stage with the most similar resolution, and other operations aren't read at all.
/// `FOXNASPredictor.warnings(for:)` names convolutions at such a resolution, and operations that no training network
/// has. No prediction is below a tenth of the lowest training latency.
public struct FOXNAS: Recipe {
  public typealias Predictor = FOXNASPredictor

  public init() {}

  /// Fitting is faster than reading a stored result.
  public var keepsResults: Bool { false }

  /// - Throws: `InputError` when the number of samples isn't above the number of terms, or the networks have no
  ///   sizes.
  public func learn(from data: Dataset, split: Split, in context: TrainingContext) throws -> Fit<FOXNAS> {
    let training = data[split.training]
    let stages = Set(training.graphs.flatMap { $0.nodes.compactMap(FOXNASPredictor.stage) }).sorted().reversed()
    guard !stages.isEmpty else {
      throw InputError(
        "FOX-NAS reads the sizes of convolutions, and \"\(training.samples[0].graph.id)\" has no sizes",
        remedy: "Give nodes kernel, in_channels, out_channels, height and width, or use LinearRegression.")
    }
    try training.requirePositiveLatencies(for: "FOX-NAS needs")
    let terms = Array(stages)
    let regression = try OrdinaryLeastSquares(
      names: FOXNASPredictor.names(stages: terms),
      rows: training.graphs.map { FOXNASPredictor.row(of: $0, stages: terms) }, targets: training.latencies)
    return Fit(
      self,
      FOXNASPredictor(
        stages: terms, regression: regression, floor: (training.latencies.min() ?? 0) / 10,
        operations: training.graphs.operations, unit: data.unit, device: data.measuredOn))
  }
}

/// A regression on the terms of stages: see `FOXNAS`.
public struct FOXNASPredictor: StorablePredictor {
  public static let family = "fox-nas"

  /// The resolutions of the stages, largest first.
  public let stages: [Int]
  /// The coefficient of each term, with standard error and t-value.
  public let regression: OrdinaryLeastSquares
  let floor: Double
  /// The operations of the training networks; nil in files of earlier versions.
  private let operations: [NetworkOperation]?
  public let unit: String
  public let device: Device

  init(
    stages: [Int], regression: OrdinaryLeastSquares, floor: Double, operations: [NetworkOperation], unit: String,
    device: Device
  ) {
    self.stages = stages
    self.regression = regression
    self.floor = floor
    self.operations = operations
    self.unit = unit
    self.device = device
  }

  private static let terms = ["tot", "avg_c", "avg_k", "avg_e", "avg_c x tot", "avg_k x tot"]

  static func names(stages: [Int]) -> [String] {
    stages.flatMap { stage in terms.map { "\($0) at \(stage)" } }
  }

  /// The resolution of a convolution's output, or nil for other nodes.
  static func stage(_ node: Node) -> Int? {
    node.operation == .convolution ? node[.height] : nil
  }

  /// The stage of a resolution. One that no training network has belongs to the stage with the most similar one.
  private static func nearest(_ resolution: Int, of stages: [Int]) -> Int {
    func ratio(_ stage: Int) -> Double { Double(max(stage, resolution)) / Double(max(min(stage, resolution), 1)) }
    return stages.min { ratio($0) < ratio($1) } ?? resolution
  }

  static func row(of graph: NetworkGraph, stages: [Int]) -> [Double] {
    let stageOfNode = graph.nodes.map { self.stage($0).map { nearest($0, of: stages) } }
    return stages.flatMap { stage -> [Double] in
      let nodes = zip(graph.nodes, stageOfNode).filter { $1 == stage }.map(\.0)
      let count = Double(nodes.count)
      func mean(_ value: (Node) -> Double) -> Double {
        nodes.isEmpty ? 0 : nodes.reduce(0) { $0 + value($1) } / count
      }
      let channels = mean { Double($0[.outputChannels] ?? 0) }
      let kernel = mean { Double($0[.kernel] ?? 0) }
      let expansion = mean { Double($0[.inputChannels] ?? 0) / Double(max($0[.outputChannels] ?? 1, 1)) }
      return [count, channels, kernel, expansion, channels * count, kernel * count]
    }
  }

  public func predict(_ graphs: [NetworkGraph]) throws -> [Double] {
    regression.predict(graphs.map { Self.row(of: $0, stages: stages) }).map { max($0, floor) }
  }

  /// A warning for each node with an operation that no training network has, and for each convolution at a resolution
  /// that none has.
  public func warnings(for graphs: [NetworkGraph]) -> [PredictionWarning] {
    graphs.flatMap { graph -> [PredictionWarning] in
      let operations = operations.map { [graph].warnings(outside: $0, fallback: "no term reads it") } ?? []
      let resolutions = graph.nodes.enumerated().compactMap { index, node -> PredictionWarning? in
        guard let resolution = Self.stage(node), !stages.contains(resolution) else { return nil }
        return PredictionWarning(
          network: graph.id, node: index, kind: node.operation.rawValue,
          cause: "no known network has a convolution at the resolution \(resolution), so it counts as one at "
            + "\(Self.nearest(resolution, of: stages))")
      }
      return operations + resolutions
    }
  }

  public func write(to archive: inout PredictorArchive) throws {
    try archive.set("stages", to: stages)
    try archive.set("regression", to: regression)
    archive.setTensor("floor", [floor])
    if let operations { try archive.set("operations", to: operations) }
  }

  public init(reading archive: PredictorArchive) throws {
    stages = try archive.value("stages")
    regression = try archive.value("regression")
    floor = try archive.doubles("floor", shape: [1])[0]
    operations = try archive.value(ifPresent: "operations")
    unit = try archive.unit
    device = try archive.device
    guard regression.reads(Self.names(stages: stages).count) else {
      throw archive.damage("the regression reads terms that \(stages.count) stages don't have")
    }
  }
}
