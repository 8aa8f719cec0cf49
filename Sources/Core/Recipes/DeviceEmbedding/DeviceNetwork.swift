import Numerics

/// A neural network that gives one number for each graph on a device, of which it knows a learnt vector: the
/// parameters, and the way from rows to outputs.
public protocol DeviceNetwork: Sendable {
  var layout: ParameterLayout { get }

  /// The devices' vectors, a row each; the last row is for a device to come.
  var devices: ParameterLayout.Tensor { get }

  /// Whether outputs only have to be in the order of the latencies, this far apart; nil for outputs that are latencies.
  var rankingMargin: Double? { get }

  /// One number for each graph, `graphs x 1`.
  ///
  /// - Parameter devices: For each graph the number of its device.
  /// - Throws: `TapeError` when shapes don't fit.
  func outputs(_ rows: GraphRows, devices: [Int], _ weights: Weights, dropoutSeed: UInt64?) throws -> Variable
}

/// A network on a device, for each sample.
struct DevicePairs {
  let encoded: EncodedGraphs
  let graphs: [Int]
  let devices: [Int]
}

/// A device network as `TapeTrainer` takes it.
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
  /// As `pairwiseRankingHinge`, over pairs of rows of the same group only.
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
    // Without a pair the sum is 0, whatever it is divided by.
    return try ((margin - sign * differences).map(.relu) * sign.map(.absolute)).sum() / max(pairs, 1)
  }
}
