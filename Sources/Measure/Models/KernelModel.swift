import Core
import Foundation
import ONNX

/// A model of a single operation, for measuring kernels.
enum KernelModel {
  /// The ONNX file of an operation with random weights, batch 1.
  /// - Parameter node: A node with the attributes that its operation needs: channels, height and width of the output,
  ///   and for convolutions and pooling kernel and stride.
  /// - Throws: `InputError` when the operation can't be measured alone or an attribute is missing.
  static func content(_ node: Node) throws -> Data {
    let builder = try KernelBuilder(node)
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
  static func name(_ node: Node) -> String {
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

/// Builds the graph of one node.
private struct KernelBuilder {
  private(set) var graph = GraphProto()
  private var random = SeededGenerator(seed: 1)

  init(_ node: Node) throws {
    func need(_ attribute: NodeAttribute) throws -> Int {
      guard let value = node[attribute], value > 0 else {
        throw InputError(
          "the kernel \(KernelModel.name(node)) has no \(attribute.rawValue)",
          remedy:
            "Give it: Node(.convolution, kernel: 3, stride: 1, inputChannels: 32, outputChannels: 64, height: 16, "
            + "width: 16).")
      }
      return value
    }
    graph.name = KernelModel.name(node)
    let stride = node[.stride] ?? 1
    switch node.operation {
    case .convolution:
      let (kernel, channels, outputs) = (try need(.kernel), try need(.inputChannels), try need(.outputChannels))
      let (height, width, groups) = (try need(.height), try need(.width), node[.groups] ?? 1)
      guard channels.isMultiple(of: groups), outputs.isMultiple(of: groups) else {
        throw InputError("\(channels) and \(outputs) channels can't be divided into \(groups) groups")
      }
      let across = node[.kernelWidth] ?? kernel
      weights("weight", [outputs, channels / groups, kernel, across])
      weights("bias", [outputs])
      add(
        "Conv", ["input", "weight", "bias"],
        [
          Self.list("kernel_shape", [kernel, across]), Self.list("strides", [stride, stride]),
          Self.number("group", groups),
          Self.list("pads", [(kernel - 1) / 2, (across - 1) / 2, kernel / 2, across / 2]),
        ])
      inputs(["input"], [1, channels, height * stride, width * stride])
    case .linear:
      let (channels, outputs) = (try need(.inputChannels), try need(.outputChannels))
      weights("weight", [outputs, channels])
      weights("bias", [outputs])
      add("Gemm", ["input", "weight", "bias"], [Self.number("transB", 1)])
      inputs(["input"], [1, channels])
    case .relu, .add:
      let shape = [1, try node[.outputChannels] ?? need(.inputChannels), try need(.height), try need(.width)]
      let names = node.operation == .add ? ["input", "other"] : ["input"]
      add(node.operation == .add ? "Add" : "Relu", names, [])
      inputs(names, shape)
    case "max_pool", "avg_pool":
      let kernel = try need(.kernel)
      let shape = [1, try node[.outputChannels] ?? need(.inputChannels)]
      add(
        node.operation == "max_pool" ? "MaxPool" : "AveragePool", ["input"],
        [
          Self.list("kernel_shape", [kernel, kernel]), Self.list("strides", [stride, stride]),
          Self.list("pads", [(kernel - 1) / 2, (kernel - 1) / 2, kernel / 2, kernel / 2]),
        ])
      inputs(["input"], shape + [try need(.height) * stride, try need(.width) * stride])
    case .globalAveragePool:
      add("GlobalAveragePool", ["input"], [])
      inputs(["input"], [1, try need(.inputChannels), try need(.height), try need(.width)])
    default:
      throw InputError(
        "the operation \"\(node.operation.rawValue)\" can't be measured alone",
        remedy: "conv, linear, relu, add, max_pool, avg_pool and global_avg_pool can.")
    }
  }

  private mutating func add(_ type: String, _ inputs: [String], _ attributes: [AttributeProto]) {
    var node = NodeProto()
    (node.opType, node.name, node.input, node.output) = (type, "kernel", inputs, ["output"])
    node.attribute = attributes
    graph.node = [node]
    graph.output = [value("output", nil)]
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

  private mutating func weights(_ name: String, _ shape: [Int]) {
    var tensor = TensorProto()
    tensor.name = name
    tensor.dims = shape.map(Int64.init)
    tensor.dataType = 1
    var values = Data(capacity: shape.reduce(4, *))
    for _ in 0..<shape.reduce(1, *) {
      withUnsafeBytes(of: (Float(random.uniform()) - 0.5).bitPattern.littleEndian) { values.append(contentsOf: $0) }
    }
    tensor.rawData = values
    graph.initializer.append(tensor)
  }

  private mutating func inputs(_ names: [String], _ shape: [Int]) { graph.input = names.map { value($0, shape) } }

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
