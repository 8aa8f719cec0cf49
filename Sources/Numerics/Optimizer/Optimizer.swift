/// The rule by which weights are updated from their gradients.
public enum Optimizer: Codable, Hashable, Sendable {
  /// AdamW (Loshchilov and Hutter, 2019), as PyTorch computes it: with decoupled weight decay on every weight.
  ///
  ///     w = w - rate * weightDecay * w
  ///     m = beta1 * m + (1 - beta1) * g;  v = beta2 * v + (1 - beta2) * g^2
  ///     w = w - rate * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)
  case adamW(weightDecay: Double = 5e-4, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8)
  /// Stochastic gradient descent with momentum: `g = g + weightDecay * w; m = momentum * m + g; w = w - rate * m`.
  case sgd(momentum: Double = 0.9, weightDecay: Double = 0)
}
