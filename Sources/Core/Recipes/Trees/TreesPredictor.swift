import Foundation
import Numerics

/// Trees on the features of networks: the logarithm of the latency is a constant plus a factor times the sum of all
/// trees.
///
/// In files a node takes four bytes and a leaf eight.
public struct TreesPredictor: BatchPredictor {
  public static let family = "trees"

  let features: TabularFeatures
  let trees: [RegressionTree]
  private let binned: BinnedTrees
  /// The thresholds of each column that the trees use, ascending.
  let thresholds: [[Double]]
  let constant: Double
  /// The factor of each tree's value.
  let factor: Double
  /// Whether each tree is a predictor of its own, so that their spread estimates the uncertainty.
  let areMembers: Bool
  public let unit: String
  public let device: Device

  init(
    features: TabularFeatures, trees: [RegressionTree], thresholds: [[Double]], constant: Double, factor: Double,
    areMembers: Bool, unit: String, device: Device
  ) {
    self.features = features
    self.trees = trees
    binned = BinnedTrees(trees, thresholds: thresholds)
    self.thresholds = thresholds
    self.constant = constant
    self.factor = factor
    self.areMembers = areMembers
    self.unit = unit
    self.device = device
  }

  public var treeCount: Int { trees.count }

  /// The spread of a forest is the standard deviation between its trees.
  public func estimate(_ batch: GraphBatch) throws -> [LatencyEstimate] {
    let rows = try batch.shared(features) { try features.rows(of: batch.graphs) }
    var result = [LatencyEstimate](repeating: LatencyEstimate(latency: 0), count: rows.count)
    // A block's bins stay in the processor's first cache.
    let block = 256
    let parts = (rows.count + block - 1) / block
    let team = ThreadTeam(min(TrainingContext.current.threads, parts))
    result.withUnsafeMutableBufferPointer { result in
      let result = result
      team.forEach(parts) { part, _ in
        let first = part * block
        let some = rows[first..<min(first + block, rows.count)]
        var sums = [Double](repeating: 0, count: some.count)
        var squares = sums
        binned.forEachValue(of: some) { row, value in
          sums[row] += value
          squares[row] += value * value
        }
        for row in sums.indices { result[first + row] = estimate(sum: sums[row], squares: squares[row]) }
      }
    }
    return result
  }

  private func estimate(sum: Double, squares: Double) -> LatencyEstimate {
    let count = Double(max(trees.count, 1))
    let variance = max(squares / count - sum / count * (sum / count), 0)
    return LatencyEstimate(
      latency: CorrectlyRounded.exp(constant + factor * sum),
      spread: areMembers && trees.count > 1 ? variance.squareRoot() : nil)
  }

  public func write(to archive: inout PredictorArchive) throws {
    try archive.set("features", to: features)
    try archive.set("areMembers", to: areMembers)
    archive.setTensor("scale", [constant, factor])
    archive.setTrees("", trees, thresholds: thresholds)
  }

  public init(reading archive: PredictorArchive) throws {
    features = try archive.value("features")
    areMembers = try archive.value("areMembers")
    let scale = try archive.doubles("scale", shape: [2])
    constant = scale[0]
    factor = scale[1]
    (trees, thresholds) = try archive.trees("")
    guard thresholds.count == features.count else { throw archive.damage("the columns and features differ") }
    binned = BinnedTrees(trees, thresholds: thresholds)
    unit = try archive.unit
    device = try archive.device
  }
}

extension TreesPredictor {
  private enum Key: String, CodingKey { case archive }

  /// Between cells, trees have the same compact form as in files.
  public init(from decoder: any Decoder) throws {
    let data = try decoder.container(keyedBy: Key.self).decode(Data.self, forKey: .archive)
    let place = Place(file: "trees")
    do {
      try self.init(reading: PredictorArchive(SafeTensors(data, at: place), at: place))
    } catch let error as InputError {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(codingPath: decoder.codingPath, debugDescription: error.cause))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    var archive = try PredictorArchive(familyOf: self)
    try write(to: &archive)
    try container.encode(archive.content.encoded(), forKey: .archive)
  }
}
