extension TrainingOptions {
  /// Options for graph networks on some hundred to some thousand samples: a cosine schedule, logarithmic targets,
  /// gradients with a norm of at most 5, and the weights of the last epoch.
  public static func graphNetwork(
    epochs: Int = 200, batchSize: Int = 16, learningRate: Double = 2e-3, loss: Loss = .relativeHuber(),
    seed: UInt64 = TrainingContext.current.seed
  ) -> TrainingOptions {
    TrainingOptions(
      epochs: epochs, batchSize: batchSize, learningRate: learningRate, schedule: .cosine().warmUp(epochs: 2),
      optimizer: .adamW(weightDecay: 0.01), loss: loss, targetScaling: .logarithmic, weights: .lastEpoch,
      gradientNormLimit: 5, seed: seed)
  }
}
