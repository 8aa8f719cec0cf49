import Numerics

/// Nodes that a runtime runs as one kernel: an operation and the operations that are fused into it, in order.
public struct Kernel: Codable, Hashable, Sendable {
  public let nodes: [Node]

  /// - Parameter nodes: The nodes, at least one.
  public init(_ nodes: [Node]) {
    self.nodes = nodes
  }

  /// The operations' names, as in "conv+relu". A depthwise convolution is a "dwconv".
  public var kind: String {
    nodes.map { Self.isDepthwise($0) ? "dwconv" : $0.operation.rawValue }.joined(separator: "+")
  }

  /// The family of kernels that one regression predicts. As in nn-Meter, all kernels that begin with a convolution
  /// are one family.
  var family: String {
    guard let first = nodes.first else { return "" }
    if first.operation == .convolution { return Self.isDepthwise(first) ? "dwconv" : "conv" }
    return kind
  }

  static func isDepthwise(_ node: Node) -> Bool {
    guard node.operation == .convolution, let groups = node[.groups] else { return false }
    return groups > 1 && groups == node[.inputChannels]
  }

  /// How a convolution's channels are divided into groups, which it keeps when it gets other channels.
  enum Grouping: Equatable {
    case none
    case depthwise
    case groups(Int)

    /// Makes a node's numbers of channels possible: those of a depthwise convolution are equal and at least 2, so that
    /// it remains one, and those of other groups are rounded up to multiples of them. Each of these has at least two
    /// inputs, as otherwise they would be a depthwise convolution.
    func apply(to node: inout Node) {
      switch self {
      case .none: return
      case .depthwise:
        let channels = max(node[.inputChannels] ?? 2, 2)
        for attribute in [NodeAttribute.inputChannels, .outputChannels, .groups] { node[attribute] = channels }
      case .groups(let count):
        for (attribute, least) in [(NodeAttribute.inputChannels, 2), (.outputChannels, 1)] {
          if let channels = node[attribute] { node[attribute] = max((channels + count - 1) / count, least) * count }
        }
      }
    }
  }

  /// The same kernel with another first node, whose channels are fitted to the old one's groups. The nodes that follow
  /// have as many channels as it gives out.
  func replacingFirst(with node: Node) -> Kernel {
    guard let old = nodes.first else { return self }
    var first = node
    Kernel.grouping(of: old).apply(to: &first)
    return Kernel(
      [first]
        + nodes.dropFirst().map { node in
          var node = node
          for attribute in [NodeAttribute.inputChannels, .outputChannels] where node[attribute] != nil {
            node[attribute] = first[.outputChannels]
          }
          return node
        })
  }

  /// - Throws: `InputError` that names the first kernel with a size that graphs don't allow.
  static func requireSizes(_ kernels: [Kernel]) throws {
    if let kernel = kernels.first(where: { $0.nodes.contains(where: \.hasInvalidAttribute) }) {
      throw InputError.invalidSize(of: "the kernel \"\(kernel.kind)\"")
    }
  }

  private static func grouping(of node: Node) -> Grouping {
    if isDepthwise(node) { return .depthwise }
    guard node.operation == .convolution, let count = node[.groups], count > 1 else { return .none }
    return .groups(count)
  }

  /// The FLOPs of all nodes, as far as they are known.
  var work: Double {
    nodes.reduce(0) { sum, node in
      let positions = node.outputPositions.map { $0 * Double((node[.stride] ?? 1) * (node[.stride] ?? 1)) }
      return sum
        + (OperationRegistry.standard[node.operation]?.cost.floatingPointOperations(of: node, inputPositions: positions)
          ?? 0)
    }
  }

  /// The number of elements that are read and written: the input, weights and output of the first node.
  var traffic: Double {
    guard let first = nodes.first else { return 0 }
    let stride = Double(first[.stride] ?? 1)
    let positions = first.outputPositions ?? 1
    return positions * stride * stride * Double(first[.inputChannels] ?? first[.outputChannels] ?? 1)
      + positions * Double(first[.outputChannels] ?? 1) + parameters
  }

  var parameters: Double {
    guard let first = nodes.first, [.convolution, .linear].contains(first.operation) else { return 0 }
    let kernel = Double(first[.kernel] ?? 1)
    return kernel * Double(first[.kernelWidth] ?? first[.kernel] ?? 1) * Double(first[.inputChannels] ?? 1)
      * Double(first[.outputChannels] ?? 1) / Double(first[.groups] ?? 1)
  }

  /// nn-Meter's features: output positions, input and output channels, kernel, stride, FLOPs, parameters; and the
  /// number of nodes fused into it.
  var features: [Double] {
    guard let first = nodes.first else { return [] }
    return [
      first.outputPositions ?? 1, Double(first[.inputChannels] ?? 0), Double(first[.outputChannels] ?? 0),
      Double(first[.kernel] ?? 0), Double(first[.stride] ?? 0), work / 2e6, parameters / 1e6, Double(nodes.count - 1),
    ]
  }

  static let featureCount = 8
}

/// Kernels with their measured times alone, in `unit`.
public struct KernelTable: Codable, Hashable, Sendable {
  public let unit: String
  /// The kernels, each once.
  public private(set) var kernels: [Kernel] = []
  public private(set) var times: [Double] = []
  private var places: [Kernel: Int] = [:]

  public init(unit: String = "ms") {
    self.unit = unit
  }

  /// Adds a kernel, or replaces its time.
  /// - Throws: `InputError` unless the time is a positive number and the kernel has a node.
  public mutating func add(_ kernel: Kernel, _ time: Double) throws {
    guard !kernel.nodes.isEmpty, time > 0, time.isFinite else {
      throw InputError("the time \(time) of the kernel \"\(kernel.kind)\" is not a positive number")
    }
    if let place = places[kernel] {
      times[place] = time
    } else {
      places[kernel] = kernels.count
      kernels.append(kernel)
      times.append(time)
    }
  }

  public func time(of kernel: Kernel) -> Double? { places[kernel].map { times[$0] } }

  public var count: Int { kernels.count }
}

extension KernelTable {
  private enum Key: String, CodingKey { case unit, kernels, times }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    self.init(unit: try container.decode(String.self, forKey: .unit))
    let kernels = try container.decode([Kernel].self, forKey: .kernels)
    let times = try container.decode([Double].self, forKey: .times)
    guard kernels.count == times.count else {
      throw DecodingError.dataCorruptedError(
        forKey: .times, in: container, debugDescription: "\(times.count) times don't match \(kernels.count) kernels")
    }
    do {
      for (kernel, time) in zip(kernels, times) { try add(kernel, time) }
    } catch let error as InputError {
      throw DecodingError.dataCorruptedError(forKey: .times, in: container, debugDescription: error.cause)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(unit, forKey: .unit)
    try container.encode(kernels, forKey: .kernels)
    try container.encode(times, forKey: .times)
  }
}
