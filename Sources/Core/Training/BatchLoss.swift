import Numerics

/// The loss of a batch and its derivatives by the outputs. The memory is reused for the next batch.
struct BatchLoss {
  let loss: Loss
  let scale: TargetScale
  /// The derivative of the sum of the samples' losses by each output, sample by sample.
  private(set) var derivatives: [Double] = []

  init(_ loss: Loss, scale: TargetScale) {
    self.loss = loss
    self.scale = scale
  }

  /// The number of outputs of a sample.
  var width: Int { loss.outputHead.count }

  /// The sum of the losses of `count` samples, which is `count` times their mean loss.
  /// - Parameters:
  ///   - output: The output at an index; outputs are ordered sample by sample.
  ///   - target: The scaled target of the sample at an index in the batch.
  mutating func evaluate(_ count: Int, output: (Int) -> Double, target: (Int) -> Double) -> Double {
    let width = width
    if derivatives.count != count * width { derivatives = Array(repeating: 0, count: count * width) }
    switch loss {
    case .gaussian: return gaussian(count, output, target)
    case .quantiles(let lower, let upper): return quantiles(count, [0.5, lower, upper], output, target)
    default: break
    }
    var sum = 0.0
    for sample in 0..<count {
      let one = loss.evaluate(prediction: output(sample), target: target(sample), scale: scale)
      sum += one.value
      derivatives[sample] = one.derivative
    }
    if case .rankingHinge(let margin, let share) = loss {
      sum += rankPairs(count, margin: margin, weight: share * Double(count), output, target)
    }
    return sum
  }

  private mutating func gaussian(_ count: Int, _ output: (Int) -> Double, _ target: (Int) -> Double) -> Double {
    var sum = 0.0
    for sample in 0..<count {
      let difference = output(2 * sample) - target(sample)
      let logVariance = output(2 * sample + 1)
      let precision = CorrectlyRounded.exp(-logVariance)
      let squared = difference * difference * precision
      sum += (logVariance + squared) / 2
      derivatives[2 * sample] = difference * precision
      derivatives[2 * sample + 1] = (1 - squared) / 2
    }
    return sum
  }

  private mutating func quantiles(
    _ count: Int, _ quantiles: [Double], _ output: (Int) -> Double, _ target: (Int) -> Double
  ) -> Double {
    var sum = 0.0
    for sample in 0..<count {
      for (column, quantile) in quantiles.enumerated() {
        let place = quantiles.count * sample + column
        let one = Loss.pinball(output(place) - target(sample), quantile)
        sum += one.value
        derivatives[place] = one.derivative
      }
    }
    return sum
  }

  /// Adds the derivatives of `weight` times the mean hinge of all pairs, and returns that loss.
  private mutating func rankPairs(
    _ count: Int, margin: Double, weight: Double, _ output: (Int) -> Double, _ target: (Int) -> Double
  ) -> Double {
    var pairs = 0
    for first in 0..<count {
      for second in 0..<first where target(first) != target(second) { pairs += 1 }
    }
    guard pairs > 0 else { return 0 }
    let share = weight / Double(pairs)
    var sum = 0.0
    for first in 0..<count {
      for second in 0..<first where target(first) != target(second) {
        let sign: Double = target(first) > target(second) ? 1 : -1
        let missing = margin - sign * (output(first) - output(second))
        // A prediction that is NaN is reported by the loss of single predictions.
        guard missing > 0 else { continue }
        sum += missing
        derivatives[first] -= sign * share
        derivatives[second] += sign * share
      }
    }
    return sum * share
  }
}
