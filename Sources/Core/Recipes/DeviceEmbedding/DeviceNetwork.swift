import Numerics

/// A neural network that gives one number for each graph on a device with a learned vector: the parameters, and the
/// computation from rows to outputs.
public protocol DeviceNetwork: Sendable {
  var layout: ParameterLayout { get }

  /// The devices' vectors, one row for each; the last row is for a new device.
  var devices: ParameterLayout.Tensor { get }

  /// The margin by which outputs must be in the latencies' order; nil for outputs that are latencies.
  var rankingMargin: Double? { get }

  /// One number for each graph: a `graphs x 1` matrix.
  ///
  /// - Parameter devices: The index of each graph's device.
  /// - Throws: `TapeError` when shapes don't fit.
  func outputs(_ rows: GraphRows, devices: [Int], _ weights: Weights, dropoutSeed: UInt64?) throws -> Variable
}

/// The network and the device of each sample.
struct DevicePairs {
  let encoded: EncodedGraphs
  let graphs: [Int]
  let devices: [Int]
}

/// A device network in the form that `TapeTrainer` needs.
struct DeviceModel<Network: DeviceNetwork>: TapeModel {
  let network: Network

  var layout: ParameterLayout { network.layout }

  func outputs(
    _ samples: ArraySlice<Int>, of pairs: DevicePairs, _ weights: Weights, dropoutSeed: UInt64?
  ) throws -> Variable {
    try network.outputs(
      GraphRows(samples.map { pairs.graphs[$0] }, of: pairs.encoded, on: weights.tape),
      devices: samples.map { pairs.devices[$0] }, weights, dropoutSeed: dropoutSeed)
  }

  func objective(_ batch: TrainingBatch, of pairs: DevicePairs, _ weights: Weights) throws -> Variable? {
    guard let margin = network.rankingMargin else { return nil }
    return try outputs(batch.samples, of: pairs, weights, dropoutSeed: batch.dropoutSeed).rankingHinge(
      against: batch.targets, of: batch.samples.map { pairs.devices[$0] }, margin: margin)
  }
}

extension Variable {
  /// Like `pairwiseRankingHinge`, but only over pairs of rows in the same group.
  ///
  /// - Parameter groups: The number of each row's group.
  func rankingHinge(against targets: [Double], of groups: [Int], margin: Double) throws -> Variable {
    var signs: [Double] = []
    signs.reserveCapacity(rows * rows)
    for (first, group) in zip(targets, groups) {
      for (second, other) in zip(targets, groups) {
        signs.append(group != other || first == second ? 0 : first > second ? 1 : -1)
      }
    }
    let pairs = signs.reduce(0) { $0 + abs($1) }
    let sign = tape.constant(signs, rows: rows, columns: rows)
    let differences = try self - reshaped(rows: 1, columns: rows)
    // Without pairs the sum is 0, so the divisor doesn't matter.
    return try ((margin - sign * differences).map(.relu) * sign.map(.absolute)).sum() / max(pairs, 1)
  }
}
