import Numerics

/// nn-Meter's adaptive sampling: more kernels are measured where predictions are bad.
///
/// A fifth of the first kernels is set aside as the test part and never used otherwise. Another fifth is for
/// validation: around each of its kernels whose relative error is more than `tolerance`, `near` kernels are measured
/// that have 0.5 to 1.2 times the input and output channels and are otherwise the same. (The original draws around
/// its test kernels, so that its reported accuracy falls from round to round. Here the test part is fixed, and no
/// kernel is measured twice.)
public struct AdaptiveSampling: Codable, Hashable, Sendable {
  public var rounds: Int
  public var near: Int
  public var tolerance: Double
  public var method: KernelMethod
  public var seed: UInt64

  public init(
    rounds: Int = 3, near: Int = 20, tolerance: Double = 0.1, method: KernelMethod = .forest(trees: 50),
    seed: UInt64 = TrainingContext.current.seed
  ) {
    self.rounds = rounds
    self.near = near
    self.tolerance = tolerance
    self.method = method
    self.seed = seed
  }

  /// The outcome: all measured kernels except the test part, and after the start and each round their number and the
  /// fraction of the test part within the tolerance.
  public struct Outcome: Codable, Hashable, Sendable {
    public var table: KernelTable
    public var sizes: [Int]
    public var shares: [Double]
  }

  /// - Parameters:
  ///   - kernels: The first kernels, all of one family, such as those of known networks; at least 10 different ones.
  ///   - measure: A function that measures kernels, and returns their times in the same order.
  /// - Throws: `InputError` when there are too few kernels, they are of several families or have invalid sizes, and the
  ///   errors of `measure`.
  public func run(
    from kernels: [Kernel], unit: String = "ms", measure: ([Kernel]) throws -> [Double]
  ) throws -> Outcome {
    var random = SeededGenerator(seed: seed)
    var seen = Set<Kernel>()
    let distinct = kernels.filter { seen.insert($0).inserted }.shuffled(using: &random)
    guard rounds >= 0, near >= 1, tolerance > 0 else {
      throw InputError(
        "adaptive sampling can't have \(rounds) rounds, \(near) kernels near each and the tolerance \(tolerance)",
        remedy: "Use at least 0 rounds, 1 kernel and a tolerance above 0, such as 0.1.")
    }
    guard distinct.count >= 10 else {
      throw InputError(
        "adaptive sampling can't begin with \(distinct.count) different kernels", remedy: "Give at least 10.")
    }
    let families = Set(distinct.map(\.family)).sorted()
    guard families.count == 1 else {
      throw InputError(
        "adaptive sampling needs kernels of one family, not of \(quotedList(families))",
        remedy: "Sample each family by itself.")
    }
    try Kernel.requireSizes(distinct)
    try method.validate()
    let fifth = distinct.count / 5
    let times = try measured(distinct, measure)
    let test = Array(distinct.indices.prefix(fifth))
    let judges = Array(distinct.indices.dropFirst(fifth).prefix(fifth))
    var learned = distinct.indices.dropFirst(2 * fifth).map { (kernel: distinct[$0], time: times[$0]) }
    var outcome = Outcome(table: KernelTable(unit: unit), sizes: [], shares: [])
    for round in 0...rounds {
      let regression = try KernelRegression(
        method, kernels: learned.map(\.kernel), times: learned.map(\.time), seed: seed)
      func error(_ place: Int) -> Double { abs(regression.time(distinct[place]) / times[place] - 1) }
      outcome.sizes.append(learned.count)
      outcome.shares.append(Double(test.count { error($0) <= tolerance }) / Double(test.count))
      guard round < rounds else { break }
      var more: [Kernel] = []
      for place in judges where error(place) > tolerance {
        for _ in 0..<near {
          let kernel = distinct[place].nearby(using: &random)
          if seen.insert(kernel).inserted { more.append(kernel) }
        }
      }
      guard !more.isEmpty else { break }
      learned += zip(more, try measured(more, measure)).map { ($0, $1) }
    }
    for (kernel, time) in learned { try outcome.table.add(kernel, time) }
    for place in judges { try outcome.table.add(distinct[place], times[place]) }
    return outcome
  }

  private func measured(_ kernels: [Kernel], _ measure: ([Kernel]) throws -> [Double]) throws -> [Double] {
    let times = try measure(kernels)
    guard times.count == kernels.count, times.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      throw InputError("the measurement must give \(kernels.count) positive times, one for each kernel")
    }
    return times
  }
}

extension Kernel {
  /// The same kernel with 0.5 to 1.2 times the input and output channels.
  func nearby(using random: inout SeededGenerator) -> Kernel {
    // bounded: at most 1.2 times a number of channels.
    func scaled(_ channels: Int) -> Int { max(Int((Double(channels) * (0.5 + 0.7 * random.uniform())).rounded()), 1) }
    guard var first = nodes.first else { return self }
    let isDepthwise = Kernel.isDepthwise(first)
    if let channels = first[.inputChannels] { first[.inputChannels] = scaled(channels) }
    if let channels = first[.outputChannels], !isDepthwise { first[.outputChannels] = scaled(channels) }
    return replacingFirst(with: first)
  }
}
