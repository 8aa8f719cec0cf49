import Foundation
import Plot

// listing: data
/// Standard normal numbers that are the same every time: SplitMix64, then Box and Muller.
func noise(_ count: Int, seed: UInt64) -> [Double] {
  var state = seed
  func uniform() -> Double {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return Double((bits ^ (bits >> 31)) >> 11) * 0x1p-53
  }
  return (0..<count).map { _ in (-2 * log(1 - uniform())).squareRoot() * cos(2 * .pi * uniform()) }
}

/// The losses of a training run that ends near `floor`.
func trainingRun(_ label: String, floor: Double, epochs: Int = 300, seed: UInt64) -> LossCurve {
  func losses(_ start: Double, _ floor: Double, _ seed: UInt64) -> [Double] {
    noise(epochs, seed: seed).enumerated().map { epoch, noise in
      (floor + (start - floor) * exp(-6 * Double(epoch) / Double(epochs))) * exp(0.1 * noise)
    }
  }
  let validation = losses(1.1, 1.3 * floor, seed + 100)
  let best = validation.indices.min { validation[$0] < validation[$1] }
  return LossCurve(
    label: label, training: losses(1.2, floor, seed), validation: validation, bestEpoch: best.map { $0 + 1 },
    learningRates: (0..<epochs).map { 5e-4 * (1 + cos(.pi * Double($0) / Double(epochs))) })
}

/// Latencies in ms, and predictions that miss them by a share of about `spread`.
func predictions(_ label: String = "", count: Int = 300, spread: Double, lean: Double = 0, seed: UInt64)
  -> PredictionSeries
{
  let measured = noise(count, seed: seed).map { 2 + 0.5 * $0.magnitude + 0.3 * $0 }
  let predicted = zip(measured, noise(count, seed: seed + 1)).map { $0 * (1 + spread * $1 + lean * ($0 - 2.4)) }
  let ids = (0..<count).map { "net-\($0)" }
  return PredictionSeries(label: label, measured: measured, predicted: predicted, unit: "ms", ids: ids)
}
// end
