import Numerics

extension Optimizer {
  /// - Throws: `InputError` when a setting is out of range.
  func validate() throws {
    func require(_ condition: Bool, _ cause: String, _ remedy: String) throws {
      if !condition { throw InputError(cause, remedy: remedy) }
    }
    switch self {
    case .adamW(let weightDecay, let beta1, let beta2, let epsilon):
      try require(
        weightDecay >= 0, "AdamW can't have the weight decay \(weightDecay)", "Use 0 or more; 5e-4 is usual.")
      try require(
        beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1, "AdamW can't have the betas \(beta1) and \(beta2)",
        "Use numbers from 0 to below 1; 0.9 and 0.999 are usual.")
      try require(epsilon > 0, "AdamW can't have the epsilon \(epsilon)", "Use a number above 0; 1e-8 is usual.")
    case .sgd(let momentum, let weightDecay):
      try require(
        momentum >= 0 && momentum < 1, "SGD can't have the momentum \(momentum)",
        "Use a number from 0 to below 1; 0.9 is usual.")
      try require(weightDecay >= 0, "SGD can't have the weight decay \(weightDecay)", "Use 0 or more.")
    }
  }
}
