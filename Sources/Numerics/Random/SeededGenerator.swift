/// A random number generator whose sequence depends only on its seed: xoshiro256** (Blackman and Vigna, 2018), with
/// its state initialised by SplitMix64.
///
/// ```swift
/// var random = SeededGenerator(seed: 7)
/// let order = Array(0..<600).shuffled(using: &random)
/// ```
public struct SeededGenerator: RandomNumberGenerator, Codable, Hashable, Sendable {
  private var state: [UInt64]

  public init(seed: UInt64) {
    var splitMix = seed
    state = (0..<4).map { _ in
      splitMix &+= 0x9E37_79B9_7F4A_7C15
      var z = splitMix
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  public mutating func next() -> UInt64 {
    func rotate(_ x: UInt64, _ by: UInt64) -> UInt64 { (x << by) | (x >> (64 - by)) }
    let result = rotate(state[1] &* 5, 7) &* 9
    let t = state[1] << 17
    state[2] ^= state[0]
    state[3] ^= state[1]
    state[1] ^= state[2]
    state[0] ^= state[3]
    state[2] ^= t
    state[3] = rotate(state[3], 45)
    return result
  }

  /// A uniform random number in [0, 1), from the upper 53 bits.
  public mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }
}
