/// One operation run by two processors at the same time, as CoDL (Jia and others, MobiSys 2022) plans it: the first
/// processor computes a share r of the output channels, the second one the rest.
///
///     T(r) = transfer of shared data + synchronisation + max(T_first(r), T_second(1 - r)),  0 < r < 1
///
/// At r = 0 and r = 1 one processor computes everything, and no data are shared. Between operations of a chain with
/// the same split, no data have to be moved, so the first term is zero except at the chain's ends (`isInChain`).
///
/// ```swift
/// let both = Coexecution(first: cpu, second: gpu, transferPerElement: 2e-6, synchronisation: 0.05)
/// let plan = try both.plan(convolution)
/// print(plan.share, plan.time, plan.regret(measured: measuredAtEveryShare))
/// ```
///
/// Both processors' times are predicted by `KernelSum` from kernels measured on them, with any method; `.blocks` is
/// CoDL's formula. The moved data are an input and an output of the operation; the paper's costs of mapping and
/// copying are both linear in their size, so they are one number here.
public struct Coexecution: Codable, Hashable, Sendable {
  public var first: KernelSumPredictor
  public var second: KernelSumPredictor
  /// The time to move an element, in the predictors' unit.
  public var transferPerElement: Double
  /// The time for synchronising the processors, in the same unit.
  public var synchronisation: Double
  /// The candidate shares of the first processor, ascending.
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

  /// The predicted time at every share, and the best share.
  public struct Plan: Codable, Hashable, Sendable {
    public let shares: [Double]
    /// The predicted time at each share.
    public let times: [Double]
    /// The first processor's share with the lowest time; the first one of equal times.
    public let share: Double
    public let time: Double

    /// The regret of the plan: the measured time at its share, divided by the lowest measured time, minus 1.
    ///
    /// - Parameter measured: The measured time at each of `shares`.
    /// - Throws: `InputError` unless the number of times equals the number of shares and all times are positive.
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

  /// - Parameter isInChain: Whether the operations before and after have the same split.
  /// - Throws: `InputError` when shares or costs are out of range, or the node has no output channels to split.
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

  /// The predicted time of a node with this number of output channels.
  private static func time(_ node: Node, _ channels: Int, _ predictor: KernelSumPredictor) -> Double {
    guard channels > 0 else { return 0 }
    var part = node
    part[.outputChannels] = channels
    return predictor.factor * predictor.time(of: Kernel([part])) + predictor.overhead
  }

  /// The number of elements of the input and the output.
  private static func elements(_ node: Node) -> Double {
    let positions = node.outputPositions ?? 1
    let stride = Double(node[.stride] ?? 1)
    return positions * stride * stride * Double(node[.inputChannels] ?? 0)
      + positions * Double(node[.outputChannels] ?? 0)
  }
}
