import Foundation
import Numerics

/// Predicts a new device's latencies from 5 to some hundred measurements and the knowledge of other devices: a
/// Gaussian process over the known devices' functions.
///
/// Pretraining makes a function of each known device (a Gaussian process on the networks' structure:
/// `SourceFunction`). The logarithm of the new device's latency is modelled as a Gaussian process too. Its covariance
/// is a weighted sum of seven kernels: the known functions' mean, their differences from it, and the similarity of
/// networks in structure and work (`TargetKernels`). The weights maximise the posterior probability given the
/// samples. Their prior is log-normal around the usual fractions of the known functions' variance, with a standard
/// deviation of 1.5 of the logarithm.
///
/// The known functions transfer what devices have in common, and the structural kernels learn what is special. The
/// samples decide on the proportion. The spread of an estimate is the process's standard deviation of the logarithm.
///
/// ```swift
/// let known = try FewShotTransfer.recommended(for: 20).pretrain(on: sources)
/// let chosen = try known.chooseNetworks(20, from: candidates)     // measure these
/// let fit = try known.fit(to: measured, split: split)
/// ```
///
/// Only the measured latencies of the new device are used; its other latencies don't scale anything. If all networks
/// have the same number of nodes they are compared node by node, otherwise by sums of their operations, and
/// `FewShotPredictor.warnings` says so.
public struct FewShotTransfer: TransferRecipe {
  public typealias Predictor = FewShotPredictor

  /// The greatest number of networks of each known device to learn from.
  public var networksPerDevice: Int
  /// Whether the usual weights of the kernels are learned from the known devices, each predicted from the others.
  public var learnsShares: Bool
  /// The standard deviation of the logarithms of the weights around those of the usual weights.
  public var shareDeviation: Double
  /// The seed of the choice of the known devices' networks.
  public var seed: UInt64
  /// The known devices; nil before pretraining.
  private(set) var known: KnownDevices?
  /// The logarithms of the usual weights.
  private(set) var centre: [Double]

  public init(
    networksPerDevice: Int = 900, learnsShares: Bool = false, shareDeviation: Double = 1.5,
    seed: UInt64 = TrainingContext.current.seed
  ) {
    self.networksPerDevice = networksPerDevice
    self.learnsShares = learnsShares
    self.shareDeviation = shareDeviation
    self.seed = seed
    centre = TargetKernels.prior.map { CorrectlyRounded.log($0) }
  }

  /// Fitting takes less than a second, so results are not stored.
  public var keepsResults: Bool { false }

  public func reseeded(by offset: UInt64) -> FewShotTransfer {
    var result = self
    result.seed &+= offset
    return result
  }

  public func pretrain(on data: LatencyData, in context: TrainingContext) throws -> FewShotTransfer {
    guard networksPerDevice >= 1, shareDeviation > 0 else {
      throw InputError(
        "\(networksPerDevice) networks per device or a share deviation of \(shareDeviation) is invalid",
        remedy: "Use at least 1 network (900 is usual) and a positive deviation such as 1.5.")
    }
    var result = self
    let known = try KnownDevices(data, networks: networksPerDevice, seed: seed, in: context)
    result.known = known
    result.centre = TargetKernels.prior.map { CorrectlyRounded.log($0) }
    if learnsShares { result.centre = try result.learnedCentre(known, data) }
    return result
  }

  /// The mean of the most probable logarithms when each known device is predicted from the others by a hundred of its
  /// networks. The default weights count as one more device.
  private func learnedCentre(_ known: KnownDevices, _ data: LatencyData) throws -> [Double] {
    var sum = centre
    guard known.sources.count > 2 else { return centre }
    let kernels = StructuralKernels(known.features)
    for (number, device) in data.devices.enumerated() {
      let measurements = try data.measurements(on: device.name)
      var random = SeededGenerator(seed: seed &+ UInt64(number))
      let chosen = measurements.indices.filter { measurements[$0] != nil }.shuffled(using: &random).prefix(100)
      let others = known.without(number)
      let networks = try others.networks(chosen.map { data.graphs[$0] }, kernels: kernels, threads: 1)
      let process = TargetProcess(
        known: others, networks: networks,
        logarithms: chosen.compactMap { measurements[$0].map { CorrectlyRounded.log($0.latency) } })
      let logarithms = process.mostProbableLogarithms(around: centre, deviation: shareDeviation)
      for kernel in sum.indices { sum[kernel] += logarithms[kernel] }
    }
    return sum.map { $0 / Double(known.sources.count + 1) }
  }

  /// - Throws: `InputError` before pretraining, and when units or networks differ from those of the known devices.
  public func learn(from data: Dataset, split: Split, in context: TrainingContext) throws -> Fit<FewShotTransfer> {
    let known = try pretrained()
    try data.requireUnit(known.unit)
    let samples = data[split.training]
    try samples.requirePositiveLatencies(for: "few-shot transfer needs")
    let kernels = StructuralKernels(known.features)
    let networks = try known.networks(samples.graphs, kernels: kernels, threads: context.threads)
    let process = TargetProcess(
      known: known, networks: networks, logarithms: samples.latencies.map { CorrectlyRounded.log($0) })
    let weights = process.weights(process.mostProbableLogarithms(around: centre, deviation: shareDeviation))
    guard let posterior = process.mixture.posterior(weights) else {
      throw InputError(
        "the Gaussian process of \"\(data.device)\" can't be computed", remedy: "Leave out duplicate networks.")
    }
    return Fit(
      self,
      FewShotPredictor(
        known: known, samples: networks, targets: process.targets, mean: process.mean, factors: posterior.weights,
        weights: weights, device: data.measuredOn))
  }

  func pretrained() throws -> KnownDevices {
    guard let known else { throw InputError.notPretrained() }
    return known
  }
}

/// The Gaussian process of a new device's samples.
struct TargetProcess {
  let known: KnownDevices
  let mean: Double
  /// The logarithms of the latencies minus their mean.
  let targets: [Double]
  let mixture: KernelMixture

  init(known: KnownDevices, networks: KnownNetworks, logarithms: [Double]) {
    self.known = known
    let mean = logarithms.reduce(0, +) / Double(max(logarithms.count, 1))
    self.mean = mean
    targets = logarithms.map { $0 - mean }
    mixture = KernelMixture(
      kernels: TargetKernels(known).square(networks), constant: TargetKernels.constant, targets: targets)
  }

  /// The most probable logarithms of the weights, as fractions of the known functions' variance.
  func mostProbableLogarithms(around centre: [Double], deviation: Double) -> [Double] {
    let scale = CorrectlyRounded.log(known.variance)
    return mixture.mostProbableLogarithms(
      around: centre.map { $0 + scale }, deviation: deviation, iterations: 400, tolerance: 0.02
    ).map { $0 - scale }
  }

  func weights(_ logarithms: [Double]) -> [Double] {
    logarithms.map { CorrectlyRounded.exp($0) * known.variance }
  }
}
