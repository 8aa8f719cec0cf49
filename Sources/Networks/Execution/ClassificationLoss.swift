import Core
import Numerics

/// Cross entropy with label smoothing: the target of the right class is `1 - smoothing + smoothing / classes`, that
/// of the others `smoothing / classes` (Szegedy et al., 2016).
struct ClassificationLoss {
  var smoothing: Double

  /// Sums over a batch.
  struct Result {
    var loss = 0.0
    var correct = 0
  }

  /// - Parameters:
  ///   - logits: One row for each label, with one number for each class.
  ///   - gradient: The memory for the gradient of the mean loss, which is multiplied by `weight`.
  func evaluate(
    _ logits: UnsafePointer<Float>, labels: some Collection<UInt16>, classes: Int,
    gradient: UnsafeMutablePointer<Float>? = nil, weight: Double = 1
  ) -> Result {
    var result = Result()
    let rest = smoothing / Double(classes)
    let share = weight / Double(labels.count)
    var exponentials = [Double](repeating: 0, count: classes)
    for (row, label) in labels.enumerated() {
      let values = UnsafeBufferPointer(start: logits + row * classes, count: classes)
      guard let best = values.indices.max(by: { values[$0] < values[$1] }) else { continue }
      let largest = Double(values[best])
      var sum = 0.0
      for index in 0..<classes {
        exponentials[index] = CorrectlyRounded.exp(Double(values[index]) - largest)
        sum += exponentials[index]
      }
      let logarithm = CorrectlyRounded.log(sum) + largest
      for index in 0..<classes {
        let target = index == Int(label) ? 1 - smoothing + rest : rest
        if target > 0 { result.loss += target * (logarithm - Double(values[index])) }
        gradient?[row * classes + index] = Float(share * (exponentials[index] / sum - target))
      }
      if best == Int(label) { result.correct += 1 }
    }
    return result
  }
}
