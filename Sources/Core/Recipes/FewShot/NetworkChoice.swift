import Numerics

extension FewShotTransfer {
  /// Chooses the networks to measure on a new device so that its other latencies can be predicted best. The result
  /// has indices of `graphs`, the most informative first.
  ///
  /// Greedily, the network is chosen whose measurement reduces the variance of all others most. The process's
  /// variance is known before any measurement, so no latency of the new device is needed. At most 600 random networks
  /// are candidates, and the variance of at most 400 is summed.
  ///
  /// - Parameters:
  ///   - count: The number of networks to choose, at least 1.
  ///   - graphs: The networks that could be measured.
  ///   - seed: The seed of the choice of candidates.
  /// - Throws: `InputError` before pretraining, when there are fewer graphs than `count`, or a graph isn't of the
  ///   same kind as the training graphs.
  public func chooseNetworks(
    _ count: Int, from graphs: [NetworkGraph], seed: UInt64 = TrainingContext.current.seed
  ) throws -> [Int] {
    let known = try pretrained()
    guard count >= 1, count <= graphs.count else {
      throw InputError(
        "\(count) networks can't be chosen from \(graphs.count)", remedy: "Choose at least 1 and at most all of them.")
    }
    var random = SeededGenerator(seed: seed)
    let order = graphs.indices.shuffled(using: &random)
    let candidates = order.prefix(max(Self.candidateCount, count))
    let judges = graphs.indices.shuffled(using: &random).prefix(Self.judgeCount)
    let kernels = TargetKernels(known)
    let networks = try known.networks(
      (candidates + judges).map { graphs[$0] }, kernels: kernels.structural, threads: TrainingContext.current.threads)
    // In units of the functions' variance, the constant is known as well as the rest.
    var weights = centre.map { CorrectlyRounded.exp($0) * known.variance }
    let noise = weights.removeLast()
    let size = networks.rows.count
    let constant = 10 * known.variance
    var covariance: [Double] = []
    covariance.reserveCapacity(size * size)
    for row in 0..<size {
      covariance += kernels.covariances(networks, row, networks, weights: weights).map {
        $0 - TargetKernels.constant + constant
      }
    }
    var isChosen = [Bool](repeating: false, count: candidates.count)
    var chosen: [Int] = []
    for _ in 0..<count {
      var best: (candidate: Int, gain: Double)?
      for candidate in candidates.indices where !isChosen[candidate] {
        var gain = 0.0
        for judge in candidates.count..<size {
          let value = covariance[candidate * size + judge]
          gain += value * value
        }
        gain /= max(covariance[candidate * size + candidate], 0) + noise
        if gain > best?.gain ?? -1 { best = (candidate, gain) }
      }
      guard let best else { break }
      isChosen[best.candidate] = true
      chosen.append(order[best.candidate])
      let variance = max(covariance[best.candidate * size + best.candidate], 0) + noise
      let column = (0..<size).map { covariance[$0 * size + best.candidate] }
      covariance.withUnsafeMutableBufferPointer { covariance in
        for row in 0..<size {
          let factor = column[row] / variance
          for other in 0..<size { covariance[row * size + other] -= factor * column[other] }
        }
      }
    }
    return chosen
  }

  private static let candidateCount = 600
  private static let judgeCount = 400
}

extension FewShotTransfer {
  /// The best settings on the tasks of Documentation/accuracy.md, the same for all tested numbers of measurements of
  /// the new device, 5 to 100.
  public static func recommended(
    for samples: Int, seed: UInt64 = TrainingContext.current.seed
  ) -> FewShotTransfer {
    FewShotTransfer(learnsShares: true, seed: seed)
  }
}
