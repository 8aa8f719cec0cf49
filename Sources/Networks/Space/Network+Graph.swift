import Core

extension Network {
  /// The network as a graph for predictors: convolutions with folded batch norms, ReLUs, additions, poolings, and the
  /// linear layer.
  public func graph(id: String, properties: [String: Double] = [:]) throws -> NetworkGraph {
    var builder = GraphBuilder(network: self)
    return try builder.graph(id: id, properties: properties)
  }

  /// The floating-point operations for one image, by the formulas of `OperationCost`. A multiplication and an
  /// addition count as two.
  public var floatingPointOperations: Double {
    // A network's graph is valid by construction.
    (try? graph(id: "network").totalFloatingPointOperations()) ?? 0
  }
}

/// Writes the nodes in the order of usual exporters: a branch that is only added to another comes just before the
/// addition.
private struct GraphBuilder {
  let network: Network
  var nodes: [Node] = []
  var edges: [Edge] = []
  /// The node of each feature map that is already written.
  var written: [Int: Int] = [:]

  init(network: Network) {
    self.network = network
  }

  mutating func graph(id: String, properties: [String: Double]) throws -> NetworkGraph {
    let (channels, size) = (Network.imageChannels, network.imageSize)
    written[0] = add(
      Node(.input, inputChannels: channels, outputChannels: channels, height: size, width: size), after: [])
    let inputs = Set(network.convolutions.map(\.input))
    for (index, layer) in network.convolutions.enumerated()
    where inputs.contains(index + 1) || index + 1 == network.convolutions.count {
      write(index, layer)
    }
    let features = network.features
    let pool = add(
      Node(.globalAveragePool, inputChannels: features, outputChannels: features, height: 1, width: 1),
      after: [written[network.convolutions.count] ?? 0])
    let linear = add(
      Node(.linear, inputChannels: features, outputChannels: network.classes, height: 1, width: 1), after: [pool])
    _ = add(
      Node(.output, inputChannels: network.classes, outputChannels: network.classes, height: 1, width: 1),
      after: [linear])
    return try NetworkGraph(id: id, nodes: nodes, edges: edges, properties: properties)
  }

  private mutating func write(_ index: Int, _ layer: Network.Convolution) {
    let (outputs, size) = (layer.outputs, layer.convolvedSize)
    var node = add(
      Node(
        .convolution, kernel: layer.kernel, stride: layer.stride, inputChannels: layer.inputs, outputChannels: outputs,
        height: size, width: size, groups: layer.groups == 1 ? nil : layer.groups),
      after: [written[layer.input] ?? 0])
    func elementwise(_ operation: NetworkOperation) -> Node {
      Node(operation, inputChannels: outputs, outputChannels: outputs, height: size, width: size)
    }
    if let residual = layer.residual {
      if written[residual] == nil, residual > 0 { write(residual - 1, network.convolutions[residual - 1]) }
      node = add(elementwise(.add), after: [written[residual] ?? 0, node])
    }
    if layer.isActivated { node = add(elementwise(.relu), after: [node]) }
    if let pooling = layer.pooling {
      node = add(
        Node(
          pooling.kind == .max ? "max_pool" : "avg_pool", kernel: pooling.window, stride: pooling.window,
          inputChannels: outputs, outputChannels: outputs, height: layer.outputSize, width: layer.outputSize),
        after: [node])
    }
    written[index + 1] = node
  }

  private mutating func add(_ node: Node, after sources: [Int]) -> Int {
    nodes.append(node)
    edges += sources.map { Edge($0, nodes.count - 1) }
    return nodes.count - 1
  }
}
