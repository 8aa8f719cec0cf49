/// Which operations a runtime fuses with the one before, as nn-Meter (Zhang and others, 2021) finds out by timing.
///
/// Two operations are taken for fused where together they save more than `threshold` times what the quicker one takes:
/// T1 + T2 - T12 > a min(T1, T2), with a = 0.5.
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

  /// The times of two operations alone and one after the other, in one unit.
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

  /// Nothing is fused: each operation is a kernel, whose sum nnPerf's profiles give (Chu and others, 2023).
  public static let none = FusionRules()

  /// What runtimes for CPUs usually fuse.
  public static let usual = FusionRules([
    Pair(.convolution, .relu), Pair(.convolution, .add), Pair(.convolution, "batch_norm"), Pair("batch_norm", .relu),
    Pair(.add, .relu), Pair(.convolution, "relu6"), Pair(.linear, .relu),
  ])

  /// The pairs that timings say are fused.
  public init(timings: [Timing], threshold: Double = 0.5) {
    fused = Set(
      timings.lazy.filter { $0.first + $0.second - $0.both > threshold * min($0.first, $0.second) }.map(\.pair))
  }

  /// Of the pairs that these rules fuse the share that `truth` does too, and of those of `truth` the share that these
  /// do; 1 where there are none.
  public func agreement(with truth: FusionRules) -> (precision: Double, recall: Double) {
    let common = Double(fused.intersection(truth.fused).count)
    return (
      fused.isEmpty ? 1 : common / Double(fused.count), truth.fused.isEmpty ? 1 : common / Double(truth.fused.count)
    )
  }

  /// The kernels of a network. A node joins the kernel of a node before it if that ends the kernel, feeds nothing else,
  /// and the rules have the pair; of several the last one.
  public func kernels(of graph: NetworkGraph) -> [Kernel] {
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
    return members.map { Kernel($0.map { graph.nodes[$0] }) }
  }
}
