import Numerics

/// nn-Meter's adaptive sampling: kernels are timed where predictions are bad.
///
/// Of the first kernels a fifth is set aside for testing and never looked at again. Another fifth judges: around each
/// of its kernels that is predicted more than `tolerance` wrong, `near` kernels are timed whose input and output
/// channels are 0.5 to 1.2 times as many, everything else being the same. (The original draws around its test kernels,
/// so that the accuracy it reports falls from round to round; here the test part stays what it was, and no kernel
/// comes twice.)
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

  /// What came of it: all kernels that were timed but for the test part, and after the start and each round how many
  /// there were and the share of the test part within the tolerance.
  public struct Outcome: Codable, Hashable, Sendable {
    public var table: KernelTable
    public var sizes: [Int]
    public var shares: [Double]
  }

  /// - Parameters:
  ///   - kernels: Those to begin with, of one family, such as those of known networks; at least 10 different ones.
  ///   - measure: Times some kernels, in their order.
  /// - Throws: `InputError` when there are too few kernels, and what `measure` throws.
  public func run(
    from kernels: [Kernel], unit: String = "ms", measure: ([Kernel]) throws -> [Double]
  ) throws -> Outcome {
    var random = SeededGenerator(seed: seed)
    var seen = Set<Kernel>()
    let distinct = kernels.filter { seen.insert($0).inserted }.shuffled(using: &random)
    guard distinct.count >= 10, rounds >= 0, near >= 1, tolerance > 0 else {
      throw InputError(
        "adaptive sampling can't begin with \(distinct.count) different kernels", remedy: "Give at least 10.")
    }
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
      throw InputError("the times of \(kernels.count) kernels are not as many positive numbers")
    }
    return times
  }
}

extension Kernel {
  /// The same with input and output channels of 0.5 to 1.2 times as many.
  func nearby(using random: inout SeededGenerator) -> Kernel {
    // bounded: at most 1.2 times a number of channels.
    func scaled(_ channels: Int) -> Int { max(Int((Double(channels) * (0.5 + 0.7 * random.uniform())).rounded()), 1) }
    guard var first = nodes.first else { return self }
    let isDepthwise = Kernel.isDepthwise(first)
    if let channels = first[.inputChannels] { first[.inputChannels] = scaled(channels) }
    if let channels = first[.outputChannels] {
      first[.outputChannels] = isDepthwise ? first[.inputChannels] : scaled(channels)
    }
    if isDepthwise { first[.groups] = first[.inputChannels] }
    return Kernel(
      [first]
        + nodes.dropFirst().map { node in
          var node = node
          if node[.inputChannels] != nil { node[.inputChannels] = first[.outputChannels] }
          if node[.outputChannels] != nil { node[.outputChannels] = first[.outputChannels] }
          return node
        })
  }
}
