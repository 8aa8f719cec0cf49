/// The operations that a runtime fuses with the operation before them. nn-Meter (Zhang and others, 2021) finds them
/// by timing.
///
/// Two operations count as fused if running them together saves more than `threshold` times the time of the quicker
/// one: T1 + T2 - T12 > a min(T1, T2), with a = 0.5.
public struct FusionRules: Codable, Hashable, Sendable {
  /// An operation and the one that follows it.
  public struct Pair: Codable, Hashable, Sendable {
    public var first: NetworkOperation
    public var second: NetworkOperation

    public init(_ first: NetworkOperation, _ second: NetworkOperation) {
      self.first = first
      self.second = second
    }
  }

  /// The times of two operations alone and in sequence, in the same unit.
  public struct Timing: Codable, Hashable, Sendable {
    public var pair: Pair
    public var first: Double
    public var second: Double
    public var both: Double

    public init(_ pair: Pair, first: Double, second: Double, both: Double) {
      self.pair = pair
      self.first = first
      self.second = second
      self.both = both
    }
  }

  public var fused: Set<Pair>

  public init(_ fused: Set<Pair> = []) {
    self.fused = fused
  }

  /// No fusion: each operation is a kernel, as in nnPerf's profiles (Chu and others, 2023).
  public static let none = FusionRules()

  /// The fusions that are usual in runtimes for CPUs.
  public static let usual = FusionRules([
    Pair(.convolution, .relu), Pair(.convolution, .add), Pair(.convolution, "batch_norm"), Pair("batch_norm", .relu),
    Pair(.add, .relu), Pair(.convolution, "relu6"), Pair(.linear, .relu),
  ])

  /// The pairs that are fused according to timings.
  public init(timings: [Timing], threshold: Double = 0.5) {
    fused = Set(
      timings.lazy.filter { $0.first + $0.second - $0.both > threshold * min($0.first, $0.second) }.map(\.pair))
  }

  /// The precision and the recall of these rules: the fraction of their pairs that `truth` fuses too, and the
  /// fraction of the pairs of `truth` that they fuse too; 1 without pairs.
  public func agreement(with truth: FusionRules) -> (precision: Double, recall: Double) {
    let common = Double(fused.intersection(truth.fused).count)
    return (
      fused.isEmpty ? 1 : common / Double(fused.count), truth.fused.isEmpty ? 1 : common / Double(truth.fused.count)
    )
  }

  /// The kernels of a network. A node joins the kernel of a predecessor if that node is the last one in its kernel
  /// and has no other successor, and the rules fuse the pair. Of several such predecessors the last one counts.
  public func kernels(of graph: NetworkGraph) -> [Kernel] {
    members(of: graph).map { Kernel($0.map { graph.nodes[$0] }) }
  }

  /// The indices of the nodes of each kernel, in the order of `kernels(of:)`.
  func members(of graph: NetworkGraph) -> [[Int]] {
    var successors = [Int](repeating: 0, count: graph.nodes.count)
    var predecessors = [[Int]](repeating: [], count: graph.nodes.count)
    for edge in graph.edges {
      successors[edge.source] += 1
      predecessors[edge.target].append(edge.source)
    }
    var waiting = predecessors.map(\.count)
    var following = [[Int]](repeating: [], count: graph.nodes.count)
    for edge in graph.edges { following[edge.source].append(edge.target) }
    var ready = graph.nodes.indices.filter { waiting[$0] == 0 }
    var kernelOfNode = [Int](repeating: -1, count: graph.nodes.count)
    var members: [[Int]] = []
    while let node = ready.first {
      ready.removeFirst()
      for next in following[node].sorted() {
        waiting[next] -= 1
        if waiting[next] == 0 { ready.append(next) }
      }
      let operation = graph.nodes[node].operation
      guard ![.input, .output, .removed].contains(operation) else { continue }
      let host = predecessors[node].sorted().last { before in
        kernelOfNode[before] >= 0 && successors[before] == 1 && members[kernelOfNode[before]].last == before
          && fused.contains(Pair(graph.nodes[before].operation, operation))
      }
      if let host {
        kernelOfNode[node] = kernelOfNode[host]
        members[kernelOfNode[host]].append(node)
      } else {
        kernelOfNode[node] = members.count
        members.append([node])
      }
    }
    return members
  }
}

extension FusionRules {
  /// The pairs to time for networks like these: of each pair of operations that follow each other, where nothing else
  /// reads the first one's result, the one with the largest result. Linear layers are only first ones, because they
  /// read no feature map.
  public static func testPairs(of graphs: [NetworkGraph]) -> [Kernel] {
    var largest: [Pair: (size: Double, kernel: Kernel)] = [:]
    for graph in graphs {
      var successors = [Int](repeating: 0, count: graph.nodes.count)
      for edge in graph.edges { successors[edge.source] += 1 }
      for edge in graph.edges where successors[edge.source] == 1 {
        let (first, second) = (graph.nodes[edge.source], graph.nodes[edge.target])
        let ends: Set<NetworkOperation> = [.input, .output, .removed]
        guard !ends.contains(first.operation), !ends.contains(second.operation), second.operation != .linear else {
          continue
        }
        let pair = Pair(first.operation, second.operation)
        let size = first.outputSize ?? 0
        if size > largest[pair]?.size ?? -1 { largest[pair] = (size, Kernel([first, second])) }
      }
    }
    return largest.values.map(\.kernel).sorted { $0.kind < $1.kind }
  }

  /// The kernels to time for the test of some pairs: each operation alone, and each pair.
  public static func testKernels(_ pairs: [Kernel]) -> [Kernel] {
    (pairs.flatMap { $0.nodes.map { Kernel([$0]) } } + pairs).withoutRepeats
  }
}
