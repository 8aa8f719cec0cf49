/// One operation run by two processors at a time, as CoDL (Jia and others, MobiSys 2022) plans it: of the output
/// channels a share goes to the first, the rest to the second.
///
///     T(r) = transfer of what is shared + synchronisation + max(T_first(r), T_second(1 - r)),  0 < r < 1
///
/// At r = 0 and r = 1 one processor does all, and nothing is shared. Between operations of a chain that are split alike
/// no data have to be moved, so that the first term vanishes for all but the chain's ends (`isInChain`).
///
/// ```swift
/// let both = Coexecution(first: cpu, second: gpu, transferPerElement: 2e-6, synchronisation: 0.05)
/// let plan = try both.plan(convolution)
/// print(plan.share, plan.time, plan.regret(measured: measuredAtEveryShare))
/// ```
///
/// Both processors' times are predicted, from kernels of theirs, by `KernelSum` with any method; `.blocks` is CoDL's
/// formula. What is moved is an input and an output of the operation; the paper's mapping and moving are both linear in
/// that, so that they are one number here.
public struct Coexecution: Codable, Hashable, Sendable {
  public var first: KernelSumPredictor
  public var second: KernelSumPredictor
  /// What moving an element takes, in the predictors' unit.
  public var transferPerElement: Double
  /// What waiting for each other takes, in the same unit.
  public var synchronisation: Double
  /// The shares of the first processor that can be chosen, ascending.
  public var shares: [Double]

  public init(
    first: KernelSumPredictor, second: KernelSumPredictor, transferPerElement: Double, synchronisation: Double,
    shares: [Double] = (0...10).map { Double($0) / 10 }
  ) {
    self.first = first
    self.second = second
    self.transferPerElement = transferPerElement
    self.synchronisation = synchronisation
    self.shares = shares
  }

  /// What is expected at every share, and the best of them.
  public struct Plan: Codable, Hashable, Sendable {
    public let shares: [Double]
    /// At each share.
    public let times: [Double]
    /// The first processor's share of the least time; of equal ones the first.
    public let share: Double
    public let time: Double

    /// What is lost by trusting the plan: the measured time at its share over the least measured time, less 1.
    ///
    /// - Parameter measured: A time for each of `shares`.
    /// - Throws: `InputError` unless there are as many positive numbers as shares.
    public func regret(measured: [Double]) throws -> Double {
      guard measured.count == shares.count, measured.allSatisfy({ $0 > 0 && $0.isFinite }) else {
        throw InputError(
          "there are \(measured.count) measured times for \(shares.count) shares, or not all are positive",
          remedy: "Measure the operation once at every share.")
      }
      let chosen = shares.firstIndex(of: share) ?? 0
      return measured[chosen] / (measured.min() ?? measured[chosen]) - 1
    }
  }

  /// - Parameter isInChain: Whether the operations before and behind are split alike.
  /// - Throws: `InputError` when shares or costs aren't in their range, or the node has no output channels to share.
  public func plan(_ node: Node, isInChain: Bool = false) throws -> Plan {
    guard !shares.isEmpty, shares.allSatisfy({ $0 >= 0 && $0 <= 1 }), transferPerElement >= 0, synchronisation >= 0
    else {
      throw InputError(
        "operations can't be shared as \(shares) with the costs \(transferPerElement) and \(synchronisation)",
        remedy: "Give shares from 0 to 1 and costs of 0 or more.")
    }
    guard let channels = node[.outputChannels], channels >= 1 else {
      throw InputError(
        "the operation \"\(node.operation)\" has no output channels that could be shared",
        remedy: "Give the node out_channels.")
    }
    var times: [Double] = []
    for share in shares {
      // bounded: at most the number of channels.
      let own = Int((share * Double(channels)).rounded())
      var time = max(Self.time(node, own, first), Self.time(node, channels - own, second))
      if own > 0, own < channels {
        time += synchronisation
        if !isInChain { time += transferPerElement * Self.elements(node) }
      }
      times.append(time)
    }
    let least = times.min() ?? 0
    return Plan(shares: shares, times: times, share: shares[times.firstIndex(of: least) ?? 0], time: least)
  }

  /// What so many output channels of a node take.
  private static func time(_ node: Node, _ channels: Int, _ predictor: KernelSumPredictor) -> Double {
    guard channels > 0 else { return 0 }
    var part = node
    part[.outputChannels] = channels
    return predictor.factor * predictor.time(of: Kernel([part])) + predictor.overhead
  }

  /// The elements of the input and the output.
  private static func elements(_ node: Node) -> Double {
    let positions = node.outputPositions ?? 1
    let stride = Double(node[.stride] ?? 1)
    return positions * stride * stride * Double(node[.inputChannels] ?? 0)
      + positions * Double(node[.outputChannels] ?? 0)
  }
}
