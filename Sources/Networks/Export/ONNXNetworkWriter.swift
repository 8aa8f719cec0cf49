import Foundation
import ONNX

/// Writes the nodes of a network and its weights as ONNX messages.
struct ONNXNetworkWriter {
  let network: Network
  /// The weights of the network, already checked.
  let weights: NetworkWeights
  let export: ONNXExport
  private var graph = GraphProto()

  /// The epsilon that is added to variances, as in PyTorch.
  static let epsilon: Float = 1e-5

  init(network: Network, weights: NetworkWeights, export: ONNXExport) {
    self.network = network
    self.weights = weights
    self.export = export
  }

  mutating func model() -> ModelProto {
    graph.name = "network"
    let size = Int64(network.imageSize)
    graph.input = [value("images", [Int64(Network.imageChannels), size, size])]
    graph.output = [value("logits", [Int64(network.classes)])]
    for (index, layer) in network.convolutions.enumerated() { write(layer, map: index + 1) }
    node("GlobalAveragePool", [mapName(network.convolutions.count)], "pooled")
    node("Flatten", ["pooled"], "features", [integer("axis", 1)])
    for suffix in ["weight", "bias"] { keep("\(network.linear).\(suffix)") }
    node(
      "Gemm", ["features", "\(network.linear).weight", "\(network.linear).bias"], "logits", [integer("transB", 1)])
    var model = ModelProto()
    // The version of the file format that belongs to the operator set.
    model.irVersion = [13: 7, 14: 7][export.operatorSet] ?? 8
    model.producerName = "labbook"
    var operatorSet = OperatorSetIdProto()
    operatorSet.version = Int64(export.operatorSet)
    model.opsetImport = [operatorSet]
    model.graph = graph
    return model
  }

  private mutating func write(_ layer: Network.Convolution, map: Int) {
    let kernel = Int64(layer.kernel)
    let pad = kernel / 2
    let attributes = [
      integers("dilations", [1, 1]), integer("group", Int64(layer.groups)), integers("kernel_shape", [kernel, kernel]),
      integers("pads", [pad, pad, pad, pad]), integers("strides", [Int64(layer.stride), Int64(layer.stride)]),
    ]
    // The last node of the layer has the name of its feature map.
    var steps: [(type: String, inputs: [String], attributes: [AttributeProto])] = []
    let input = mapName(layer.input)
    if export.foldsNormalization {
      let folded = FoldedConvolution(layer, weights)
      tensor("\(layer.name).weight", layer.weightShape, folded.kernels)
      tensor("\(layer.name).bias", [layer.outputs], folded.bias)
      steps.append(("Conv", [input, "\(layer.name).weight", "\(layer.name).bias"], attributes))
    } else {
      keep("\(layer.name).weight")
      steps.append(("Conv", [input, "\(layer.name).weight"], attributes))
      let names = ["weight", "bias", "running_mean", "running_var"].map { "\(layer.normalization).\($0)" }
      for name in names { keep(name) }
      steps.append(("BatchNormalization", names, [float("epsilon", Self.epsilon)]))
    }
    if let residual = layer.residual { steps.append(("Add", [mapName(residual)], [])) }
    if layer.isActivated { steps.append(("Relu", [], [])) }
    if let pooling = layer.pooling {
      let window = Int64(pooling.window)
      steps.append(
        (
          pooling.kind == .max ? "MaxPool" : "AveragePool", [],
          [integers("kernel_shape", [window, window]), integers("strides", [window, window])]
        ))
    }
    var last: String?
    for (index, step) in steps.enumerated() {
      let output = index == steps.count - 1 ? mapName(map) : "\(layer.name)/\(step.type)"
      let inputs: [String]
      switch step.type {
      case "Conv": inputs = step.inputs
      case "Add": inputs = step.inputs + (last.map { [$0] } ?? [])
      default: inputs = (last.map { [$0] } ?? []) + step.inputs
      }
      node(step.type, inputs, output, step.attributes, name: "\(layer.name)/\(step.type)")
      last = output
    }
  }

  private func mapName(_ map: Int) -> String {
    map == 0 ? "images" : "\(network.convolutions[map - 1].name)/output"
  }

  private mutating func node(
    _ type: String, _ inputs: [String], _ output: String, _ attributes: [AttributeProto] = [], name: String? = nil
  ) {
    var node = NodeProto()
    node.opType = type
    node.name = name ?? output
    node.input = inputs
    node.output = [output]
    node.attribute = attributes
    graph.node.append(node)
  }

  /// Writes a weight to the file unchanged.
  private mutating func keep(_ name: String) {
    guard let values = weights.tensors[name] else { return }
    tensor(name, values.shape, values.values)
  }

  private mutating func tensor(_ name: String, _ shape: [Int], _ values: [Float]) {
    var tensor = TensorProto()
    tensor.name = name
    tensor.dims = shape.map(Int64.init)
    tensor.dataType = 1
    tensor.rawData = Data(littleEndian: values)
    graph.initializer.append(tensor)
  }

  /// A tensor of numbers whose first axis is the image.
  private func value(_ name: String, _ extents: [Int64]) -> ValueInfoProto {
    var shape = TensorShapeProto()
    var batch = TensorShapeProto.Dimension()
    if let count = export.batch { batch.dimValue = Int64(count) } else { batch.dimParam = "batch" }
    shape.dim =
      [batch]
      + extents.map { extent in
        var dimension = TensorShapeProto.Dimension()
        dimension.dimValue = extent
        return dimension
      }
    var type = TypeProto.Tensor()
    type.elemType = 1
    type.shape = shape
    var value = ValueInfoProto()
    value.name = name
    value.type = TypeProto()
    value.type?.tensorType = type
    return value
  }

  // MARK: Attributes, with ONNX's numbers for their types

  private func integer(_ name: String, _ value: Int64) -> AttributeProto {
    var attribute = AttributeProto()
    (attribute.name, attribute.i, attribute.type) = (name, value, 2)
    return attribute
  }

  private func integers(_ name: String, _ values: [Int64]) -> AttributeProto {
    var attribute = AttributeProto()
    (attribute.name, attribute.ints, attribute.type) = (name, values, 7)
    return attribute
  }

  private func float(_ name: String, _ value: Float) -> AttributeProto {
    var attribute = AttributeProto()
    (attribute.name, attribute.f, attribute.type) = (name, value, 1)
    return attribute
  }
}
