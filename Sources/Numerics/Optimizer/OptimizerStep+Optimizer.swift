extension OptimizerStep {
  /// - Parameter step: The number of the step, from 1.
  package init(
    _ optimizer: Optimizer, step: Int, rate: Double, gradientScale: Double, momentum: UnsafeMutablePointer<Float>,
    squares: UnsafeMutablePointer<Float>
  ) {
    let rule: Rule
    switch optimizer {
    case .adamW(let weightDecay, let beta1, let beta2, let epsilon):
      let (rest1, rest2) = (
        1 - CorrectlyRounded.pow(beta1, Double(step)), 1 - CorrectlyRounded.pow(beta2, Double(step))
      )
      rule = .adamW(
        AdamW(
          stepSize: Float(rate / rest1), weightKeep: Float(1 - rate * weightDecay), keep1: Float(beta1),
          take1: Float(1 - beta1), keep2: Float(beta2), take2: Float(1 - beta2),
          correction: Float(1 / rest2.squareRoot()), epsilon: Float(epsilon)))
    case .sgd(let momentumFactor, let weightDecay):
      rule = .sgd(stepSize: Float(rate), keep: Float(momentumFactor), decay: Float(weightDecay))
    }
    self.init(rule, gradientScale: Float(gradientScale), momentum: momentum, squares: squares)
  }
}
