internal import Basics
import Numerics

/// The known platform on which kernels are most like those of a new one, and its times carried over to the new one:
/// LitePred's start (Feng and others, NSDI 2024), which needs few timed kernels.
///
/// Let t_i be the new platform's times of some kernels, u_i those of a known platform, p_i = t_i / sum of t and q_i =
/// u_i / sum of u. The platform with the least divergence
///
///     sum of p_i log(p_i / q_i)
///
/// (Kullback and Leibler, 1951) is chosen, so that a platform that is twice as fast for all kernels is as similar as an
/// equal one. Its other kernels take its times, multiplied by the median of t_i / u_i over the kernels of their family,
/// or over all kernels if fewer than three of the family were timed on both platforms.
///
/// ```swift
/// let similar = try SimilarPlatform(among: ["pixel": pixel, "server": server], for: fewTimings)
/// let predictor = try KernelSum(similar.table).predictor(for: "new")
/// ```
///
/// The comparison by shares of the sum, and the correction by medians, where the paper trains its networks further, are
/// Labbook's interpretation.
public struct SimilarPlatform: Codable, Hashable, Sendable {
  /// The name of the most similar platform; of equal ones the first by name.
  public let name: String
  /// The divergence of each known platform.
  public let divergences: [String: Double]
  /// The new platform's kernels with their own times, then the chosen platform's other kernels with corrected times.
  public let table: KernelTable

  private static let fewest = 3

  /// - Parameters:
  ///   - platforms: The known platforms' kernels by the platform's name.
  ///   - timed: The kernels that were timed on the new platform. Each known platform has at least 3 of them.
  /// - Throws: `InputError` when there is no known platform, the units differ, or too few kernels were timed on both.
  public init(among platforms: [String: KernelTable], for timed: KernelTable) throws {
    guard !platforms.isEmpty else {
      throw InputError("there are no known platforms to choose from", remedy: "Give the kernels of at least one.")
    }
    var divergences: [String: Double] = [:]
    for (name, known) in platforms.sorted(by: { $0.key < $1.key }) {
      guard known.unit == timed.unit else {
        throw InputError("the times of \"\(name)\" are in \(known.unit), those of the new platform in \(timed.unit)")
      }
      let pairs = Self.pairs(timed, known)
      guard pairs.count >= Self.fewest else {
        throw InputError(
          "\(pairs.count) kernels were timed on \"\(name)\" and on the new platform",
          remedy: "Time at least \(Self.fewest) of the kernels that \"\(name)\" has.")
      }
      let (sum, other) = pairs.reduce((0, 0)) { ($0.0 + $1.new, $0.1 + $1.known) }
      divergences[name] = pairs.reduce(0) { total, pair in
        let share = pair.new / sum
        return total + share * CorrectlyRounded.log(share / (pair.known / other))
      }
    }
    let chosen = divergences.min { ($0.value, $0.key) < ($1.value, $1.key) }?.key ?? ""
    name = chosen
    self.divergences = divergences
    table = try Self.corrected(platforms[chosen] ?? timed, by: timed)
  }

  /// The kernels that both tables have, with both times.
  private static func pairs(
    _ timed: KernelTable, _ known: KernelTable
  ) -> [(kernel: Kernel, new: Double, known: Double)] {
    zip(timed.kernels, timed.times).compactMap { kernel, time in known.time(of: kernel).map { (kernel, time, $0) } }
  }

  private static func corrected(_ known: KernelTable, by timed: KernelTable) throws -> KernelTable {
    let pairs = pairs(timed, known)
    // There are at least three pairs.
    let all = pairs.map { $0.new / $0.known }.median ?? 1
    let factors = Dictionary(grouping: pairs) { $0.kernel.family }.filter { $1.count >= fewest }
      .compactMapValues { $0.map { $0.new / $0.known }.median }
    var result = timed
    for (kernel, time) in zip(known.kernels, known.times) where timed.time(of: kernel) == nil {
      try result.add(kernel, time * (factors[kernel.family] ?? all))
    }
    return result
  }
}
