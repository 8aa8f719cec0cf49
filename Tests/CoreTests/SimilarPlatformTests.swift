import Foundation
import Testing

@testable import Core

@Suite struct SimilarPlatformTests {
  private static func kernel(_ channels: Int) -> Kernel {
    Kernel([KernelSumTests.convolution(channels, to: 8, size: 16)])
  }

  private static func relu(_ channels: Int) -> Kernel { Kernel([KernelSumTests.relu(channels, 16)]) }

  private static func table(_ times: [(Kernel, Double)], unit: String = "ms") throws -> KernelTable {
    var table = KernelTable(unit: unit)
    for (kernel, time) in times { try table.add(kernel, time) }
    return table
  }

  /// Shares of 1/4, 1/4 and 1/2 on the new platform, the same on a slow one, and 1/2, 1/4 and 1/4 on another.
  @Test func leastDivergenceIsChosen() throws {
    let kernels = [8, 16, 32].map(Self.kernel)
    let new = try Self.table(Array(zip(kernels, [1, 1, 2])))
    let slow = try Self.table(Array(zip(kernels, [5, 5, 10])) + [(Self.kernel(64), 20), (Self.relu(8), 3)])
    let other = try Self.table(Array(zip(kernels, [2, 1, 1])))
    let similar = try SimilarPlatform(among: ["other": other, "slow": slow], for: new)
    #expect(similar.name == "slow")
    #expect(abs(similar.divergences["slow"] ?? 1) < 1e-15)
    // 1/4 log 1/2 + 1/4 log 1 + 1/2 log 2
    #expect(abs((similar.divergences["other"] ?? 0) - 0.25 * log(2)) < 1e-12)
    #expect(similar.table.time(of: kernels[2]) == 2)
    #expect(abs((similar.table.time(of: Self.kernel(64)) ?? 0) - 4) < 1e-12)
    #expect(abs((similar.table.time(of: Self.relu(8)) ?? 0) - 0.6) < 1e-12)
    #expect(try handedOn(similar) == similar)
  }

  /// Convolutions are twice as slow as known, and sums of pixels ten times.
  @Test func familiesAreCorrectedApart() throws {
    let convolutions = [8, 16, 32].map(Self.kernel)
    let others = [8, 16, 32].map(Self.relu)
    let known = try Self.table(
      Array(zip(convolutions + others, [1, 2, 4, 1, 1, 1])) + [(Self.kernel(64), 8), (Self.relu(64), 1)])
    let new = try Self.table(Array(zip(convolutions + others, [2, 4, 8, 10, 10, 10])))
    let table = try SimilarPlatform(among: ["known": known], for: new).table
    #expect(table.time(of: Self.kernel(64)) == 16)
    #expect(table.time(of: Self.relu(64)) == 10)
    #expect(table.count == 8)
  }

  /// From 12 timed kernels and a similar platform, the sum of 300 others is closer than from the 12 alone.
  @Test func similarPlatformHelps() throws {
    let truth = KernelSumTests.table
    var similar = KernelTable()
    for (kernel, time) in zip(truth.kernels, truth.times) { try similar.add(kernel, 3 * time) }
    var few = KernelTable()
    for (kernel, time) in zip(truth.kernels, truth.times).prefix(12) { try few.add(kernel, time) }
    func error(_ table: KernelTable) throws -> Double {
      let predictor = try KernelSum(table, seed: 1).predictor(for: "new")
      return zip(truth.kernels, truth.times).dropFirst(12).reduce(0) { $0 + abs(predictor.time(of: $1.0) / $1.1 - 1) }
    }
    let start = try SimilarPlatform(among: ["known": similar], for: few)
    #expect(try error(start.table) < 0.1 * error(few))
  }

  @Test func whatIsNoComparison() throws {
    let new = try Self.table([(Self.kernel(8), 1), (Self.kernel(16), 1)])
    #expect(
      try message { _ = try SimilarPlatform(among: [:], for: new) } == """
        there are no known platforms to choose from
          Give the kernels of at least one.
        """)
    #expect(
      try message { _ = try SimilarPlatform(among: ["phone": new], for: new) } == """
        2 kernels were timed on "phone" and on the new platform
          Time at least 3 of the kernels that "phone" has.
        """)
    let seconds = try Self.table([(Self.kernel(8), 1)], unit: "s")
    #expect(
      try message { _ = try SimilarPlatform(among: ["phone": seconds], for: new) }
        == "the times of \"phone\" are in s, those of the new platform in ms")
  }
}
