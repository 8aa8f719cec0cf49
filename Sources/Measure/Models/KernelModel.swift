import Core
import Foundation
import ONNX

/// A model of a kernel: a single operation, or some that follow each other.
enum KernelModel {
  /// The ONNX file of a kernel with random weights, batch 1.
  /// - Parameter kernel: Nodes with the attributes that their operations need: channels, height and width of the
  ///   output, and for convolutions and pooling kernel and stride. Each but the first reads the one before.
  /// - Throws: `InputError` when an operation can't be measured alone or an attribute is missing.
  static func content(_ kernel: Kernel) throws -> Data {
    let builder = try KernelBuilder(kernel)
    var model = ModelProto()
    model.irVersion = 8
    model.producerName = "Labbook"
    var version = OperatorSetIdProto()
    version.version = 13
    model.opsetImport = [version]
    model.graph = builder.graph
    return model.encoded()
  }

  /// A name for tables, such as `conv-k3-s1-32x64-16x16`, or `conv-k1x7-s1-32x64-16x16` for a kernel that isn't square.
  /// Operations that follow each other are joined by `+`.
  static func name(_ kernel: Kernel) -> String { kernel.nodes.map(name).joined(separator: "+") }

  private static func name(_ node: Node) -> String {
    var parts = [node.operation.rawValue]
    if let kernel = node[.kernel] {
      let width = node[.kernelWidth] ?? kernel
      parts.append(width == kernel ? "k\(kernel)" : "k\(kernel)x\(width)")
    }
    if let stride = node[.stride] { parts.append("s\(stride)") }
    if let groups = node[.groups], groups > 1 { parts.append("g\(groups)") }
    parts.append(
      [node[.inputChannels], node[.outputChannels]].compactMap { $0.map(String.init) }.joined(separator: "x"))
    parts.append([node[.height], node[.width]].compactMap { $0.map(String.init) }.joined(separator: "x"))
    return parts.filter { !$0.isEmpty }.joined(separator: "-")
  }
}

/// Builds the graph of the nodes, each of which reads the one before.
private struct KernelBuilder {
  private(set) var graph = GraphProto()
  private var random = SeededGenerator(seed: 1)

  init(_ kernel: Kernel) throws {
    graph.name = KernelModel.name(kernel)
    for index in kernel.nodes.indices { try add(kernel, index) }
    graph.output = [value("output", nil)]
  }

  private mutating func add(_ kernel: Kernel, _ index: Int) throws {
    let node = kernel.nodes[index]
    // The names of the first node's values have no number.
    func named(_ name: String) -> String { index == 0 ? name : "\(name).\(index)" }
    let input = index == 0 ? "input" : "value.\(index - 1)"
    let output = index == kernel.nodes.count - 1 ? "output" : "value.\(index)"
    func add(_ type: String, _ inputs: [String], _ attributes: [AttributeProto] = []) {
      append(type, named("kernel"), inputs, output, attributes)
    }
    func inputs(_ names: [String], _ shape: [Int]) {
      graph.input += names.filter { $0 == "input" || $0.hasPrefix("other") }.map { value($0, shape) }
    }
    func need(_ attribute: NodeAttribute) throws -> Int {
      guard let value = node[attribute], value > 0 else {
        throw InputError(
          "the kernel \(KernelModel.name(Kernel([node]))) has no \(attribute.rawValue)",
          remedy:
            "Give it: Node(.convolution, kernel: 3, stride: 1, inputChannels: 32, outputChannels: 64, height: 16, "
            + "width: 16).")
      }
      return value
    }
    let stride = node[.stride] ?? 1
    switch node.operation {
    case .convolution:
      let (kernel, channels, outputs) = (try need(.kernel), try need(.inputChannels), try need(.outputChannels))
      let (height, width, groups) = (try need(.height), try need(.width), node[.groups] ?? 1)
      guard channels.isMultiple(of: groups), outputs.isMultiple(of: groups) else {
        throw InputError("\(channels) and \(outputs) channels can't be divided into \(groups) groups")
      }
      let across = node[.kernelWidth] ?? kernel
      weights(named("weight"), [outputs, channels / groups, kernel, across])
      weights(named("bias"), [outputs])
      add(
        "Conv", [input, named("weight"), named("bias")],
        [
          Self.list("kernel_shape", [kernel, across]), Self.list("strides", [stride, stride]),
          Self.number("group", groups),
          Self.list("pads", [(kernel - 1) / 2, (across - 1) / 2, kernel / 2, across / 2]),
        ])
      inputs([input], [1, channels, height * stride, width * stride])
    case .linear:
      let (channels, outputs) = (try need(.inputChannels), try need(.outputChannels))
      weights(named("weight"), [outputs, channels])
      weights(named("bias"), [outputs])
      add("Gemm", [input, named("weight"), named("bias")], [Self.number("transB", 1)])
      inputs([input], [1, channels])
    case .relu, .add, "batch_norm":
      let channels = try node[.outputChannels] ?? need(.inputChannels)
      // After a linear layer there are no positions.
      let isRow = index > 0 && kernel.nodes[0].operation == .linear
      let shape = isRow ? [1, channels] : [1, channels, try need(.height), try need(.width)]
      let names = node.operation == .add ? [input, named("other")] : [input]
      if node.operation == "batch_norm" {
        let parts = ["scale", "shift", "mean", "variance"].map(named)
        for part in parts { weights(part, [channels], least: 0.5) }
        add("BatchNormalization", names + parts)
      } else {
        add(node.operation == .add ? "Add" : "Relu", names)
      }
      inputs(names, shape)
    case "max_pool", "avg_pool":
      let kernel = try need(.kernel)
      let shape = [1, try node[.outputChannels] ?? need(.inputChannels)]
      add(
        node.operation == "max_pool" ? "MaxPool" : "AveragePool", [input],
        [
          Self.list("kernel_shape", [kernel, kernel]), Self.list("strides", [stride, stride]),
          Self.list("pads", [(kernel - 1) / 2, (kernel - 1) / 2, kernel / 2, kernel / 2]),
        ])
      inputs([input], shape + [try need(.height) * stride, try need(.width) * stride])
    case .globalAveragePool:
      add("GlobalAveragePool", [input])
      inputs([input], [1, try need(.inputChannels), try need(.height), try need(.width)])
    default:
      throw InputError(
        "the operation \"\(node.operation.rawValue)\" can't be measured alone",
        remedy: "conv, linear, relu, add, batch_norm, max_pool, avg_pool and global_avg_pool can.")
    }
  }

  private mutating func append(
    _ type: String, _ name: String, _ inputs: [String], _ output: String, _ attributes: [AttributeProto]
  ) {
    var node = NodeProto()
    (node.opType, node.name, node.input, node.output) = (type, name, inputs, [output])
    node.attribute = attributes
    graph.node.append(node)
  }

  private static func list(_ name: String, _ values: [Int]) -> AttributeProto {
    var attribute = AttributeProto()
    (attribute.name, attribute.ints, attribute.type) = (name, values.map(Int64.init), 7)
    return attribute
  }

  private static func number(_ name: String, _ value: Int) -> AttributeProto {
    var attribute = AttributeProto()
    (attribute.name, attribute.i, attribute.type) = (name, Int64(value), 2)
    return attribute
  }

  /// Adds random weights from `least` to `least` + 1.
  private mutating func weights(_ name: String, _ shape: [Int], least: Float = -0.5) {
    var tensor = TensorProto()
    tensor.name = name
    tensor.dims = shape.map(Int64.init)
    tensor.dataType = 1
    var values = Data(capacity: shape.reduce(4, *))
    for _ in 0..<shape.reduce(1, *) {
      withUnsafeBytes(of: (Float(random.uniform()) + least).bitPattern.littleEndian) { values.append(contentsOf: $0) }
    }
    tensor.rawData = values
    graph.initializer.append(tensor)
  }

  private func value(_ name: String, _ shape: [Int]?) -> ValueInfoProto {
    var tensor = TypeProto.Tensor()
    tensor.elemType = 1
    if let shape {
      var extents = TensorShapeProto()
      extents.dim = shape.map { extent in
        var dimension = TensorShapeProto.Dimension()
        dimension.dimValue = Int64(extent)
        return dimension
      }
      tensor.shape = extents
    }
    var type = TypeProto()
    type.tensorType = tensor
    var value = ValueInfoProto()
    value.name = name
    value.type = type
    return value
  }
}
