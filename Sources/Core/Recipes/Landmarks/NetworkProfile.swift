/// The profile of a network: weighted counts of its parts that can be compared with another network's.
///
/// Each node is counted under its operation, kernel, stride, and the binary orders of magnitude of its channels and
/// output positions; and again under a label that combines these with its predecessors' labels, one and two steps
/// back (Weisfeiler and Leman, 1968). The weight of a node is 1 plus the logarithm of its elements, so that large
/// nodes count more.
struct NetworkProfile: Codable, Hashable, Sendable {
  /// The labels, ascending.
  let keys: [UInt64]
  let weights: [Double]

  init(_ graph: NetworkGraph) {
    var predecessors = [[Int]](repeating: [], count: graph.nodes.count)
    for edge in graph.edges { predecessors[edge.target].append(edge.source) }
    var labels = graph.nodes.map { node -> UInt64 in
      var label = Label()
      for byte in node.operation.rawValue.utf8 { label.add(UInt64(byte)) }
      label.add(UInt64(node[.kernel] ?? 0))
      label.add(UInt64(node[.stride] ?? 0))
      label.add(UInt64(Self.magnitude(node[.inputChannels])))
      label.add(UInt64(Self.magnitude(node[.outputChannels])))
      // bounded: a magnitude is a small whole number.
      label.add(UInt64(Self.magnitude(node[.height])))
      return label.value
    }
    let sizes = graph.nodes.map { node in
      1 + Double(Self.magnitude(node[.outputChannels]) + 2 * Self.magnitude(node[.height]))
    }
    var counts: [UInt64: Double] = [:]
    for round in 0...2 {
      for (label, size) in zip(labels, sizes) { counts[label, default: 0] += size }
      guard round < 2 else { break }
      labels = labels.indices.map { node in
        var label = Label()
        label.add(labels[node])
        for before in predecessors[node].map({ labels[$0] }).sorted() { label.add(before) }
        return label.value
      }
    }
    let sorted = counts.sorted { $0.key < $1.key }
    keys = sorted.map(\.key)
    weights = sorted.map(\.value)
  }

  /// The number of bits of a number; 0 for nil.
  private static func magnitude(_ number: Int?) -> Int {
    number.map { Int.bitWidth - max($0, 0).leadingZeroBitCount } ?? 0
  }

  /// The common fraction of two profiles, from 0 to 1: the sum of the lesser weights over the sum of the greater
  /// ones.
  func similarity(to other: NetworkProfile) -> Double {
    var lesser = 0.0
    var greater = 0.0
    var left = 0
    var right = 0
    while left < keys.count || right < other.keys.count {
      if right == other.keys.count || (left < keys.count && keys[left] < other.keys[right]) {
        greater += weights[left]
        left += 1
      } else if left == keys.count || other.keys[right] < keys[left] {
        greater += other.weights[right]
        right += 1
      } else {
        lesser += min(weights[left], other.weights[right])
        greater += max(weights[left], other.weights[right])
        left += 1
        right += 1
      }
    }
    return greater > 0 ? lesser / greater : 1
  }

  /// An FNV-1a hash of whole numbers.
  private struct Label {
    var value: UInt64 = 0xCBF2_9CE4_8422_2325
    mutating func add(_ number: UInt64) {
      for shift in stride(from: UInt64(0), to: 64, by: 8) {
        value = (value ^ (number >> shift & 255)) &* 0x100_0000_01B3
      }
    }
  }
}
