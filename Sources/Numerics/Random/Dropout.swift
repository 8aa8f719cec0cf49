internal import Basics

/// A dropout mask as a function of a seed and the element's number. So no mask is stored, and the same seed gives the
/// same mask in any order of computation.
///
/// Four elements share one 64-bit SplitMix64 value, 16 bits each; the probability is rounded to 16 bits, and kept
/// elements are scaled by the inverse of the rounded keep probability.
package struct Dropout {
  /// The factor of kept elements.
  package let scale: Float
  let threshold: UInt64
  let seed: UInt64

  package init(probability: Double, seed: UInt64) {
    threshold = UInt64(clamping: (probability * 65536).rounded())
    scale = Float(65536 / (65536 - Double(threshold)))
    self.seed = seed
  }

  private init(scale: Float, threshold: UInt64, seed: UInt64) {
    self.scale = scale
    self.threshold = threshold
    self.seed = seed
  }

  /// The same dropout with different masks for a layer.
  package func forLayer(_ layer: Int) -> Dropout {
    Dropout(scale: scale, threshold: threshold, seed: seed ^ bits(of: -1 - layer))
  }

  /// Whether the element with this number is kept.
  package func keeps(_ element: Int) -> Bool {
    (bits(of: element >> 2) >> UInt64(16 * (element & 3))) & 0xFFFF >= threshold
  }

  /// Multiplies `count` values, the first with the number `element`, a multiple of four, by 0 or `scale`.
  package func apply(to values: UnsafeMutablePointer<Float>, count: Int, element: Int) {
    var start = 0
    while start < count {
      let bits = bits(of: (element + start) >> 2)
      for lane in 0..<min(4, count - start) {
        let passes = (bits >> UInt64(16 * lane)) & 0xFFFF >= threshold
        values[start + lane] *= passes ? scale : 0
      }
      start += 4
    }
  }

  @inline(__always)
  private func bits(of block: Int) -> UInt64 {
    var z = seed &+ UInt64(bitPattern: Int64(block)) &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
