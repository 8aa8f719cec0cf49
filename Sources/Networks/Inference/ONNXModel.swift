import Core
import Foundation
import Numerics
import ONNX

/// The graph of an ONNX file and its weights, as inference needs them.
struct ONNXModel {
  struct Input {
    var name: String
    /// The shape; a batch size that the file leaves open is 1.
    var shape: [Int]
  }

  let file: String
  let nodes: [NodeProto]
  let inputs: [Input]
  let outputs: [String]
  private let initializers: [String: TensorProto]
  /// The indices of the nodes that read a value, by its name.
  private let readers: [String: [Int]]

  /// - Throws: `InputError` when the file isn't an ONNX model, or its inputs have no sizes.
  init(_ content: Data, file: String) throws {
    self.file = file
    guard let graph = (try? ModelProto(decoding: content))?.graph, !graph.node.isEmpty, !graph.output.isEmpty else {
      throw InputError("this is not an ONNX model", at: Place(file: file), remedy: "Export the model again.")
    }
    nodes = graph.node
    outputs = graph.output.map(\.name)
    let initializers = Dictionary(graph.initializer.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    self.initializers = initializers
    inputs = try graph.input.filter { initializers[$0.name] == nil }.map { input in
      let extents = (input.type?.tensorType?.shape?.dim ?? []).enumerated().map { axis, extent in
        axis == 0 && extent.dimValue == 0 ? 1 : Int(clamping: extent.dimValue)
      }
      guard !extents.isEmpty, extents.allSatisfy({ $0 > 0 }) else {
        throw InputError(
          "the size of the input \"\(input.name)\" is unknown", at: Place(file: file),
          remedy: "Export the model with a fixed size.")
      }
      return Input(name: input.name, shape: extents)
    }
    var readers: [String: [Int]] = [:]
    for (index, node) in graph.node.enumerated() {
      for name in node.input { readers[name, default: []].append(index) }
    }
    self.readers = readers
  }

  /// The one node that reads a value, unless the value is also an output.
  func onlyReader(of name: String) -> Int? {
    guard let nodes = readers[name], nodes.count == 1, !outputs.contains(name) else { return nil }
    return nodes[0]
  }

  /// Whether oneDNN reads an input in its plain layout: it has few channels, and its convolutions aren't depthwise.
  func isImage(_ input: Input) -> Bool {
    guard input.shape.count == 4 else { return true }
    return input.shape[1] <= 4
      && (readers[input.name] ?? []).allSatisfy {
        nodes[$0].opType == "Conv" && (attribute(nodes[$0], "group")?.i ?? 1) == 1
      }
  }

  func attribute(_ node: NodeProto, _ name: String) -> AttributeProto? { node.attribute.first { $0.name == name } }

  /// How a node pads its input by itself: `NOTSET` if it doesn't.
  func padding(_ node: NodeProto) -> String {
    attribute(node, "auto_pad").map { String(decoding: $0.s, as: UTF8.self) } ?? "NOTSET"
  }

  func result(_ node: NodeProto) throws -> String {
    guard let name = node.output.first else { throw failure(node, "has no output") }
    return name
  }

  /// The weights of a node, by the index of the node's input.
  func weights(_ node: NodeProto, _ index: Int) throws -> (shape: [Int], values: [Float]) {
    guard node.input.indices.contains(index), let tensor = initializers[node.input[index]], tensor.dataType == 1,
      tensor.dataLocation == 0
    else { throw failure(node, "has weights that aren't 32-bit floats in the file") }
    let shape = tensor.dims.map(Int.init(clamping:))
    let values = [Float](littleEndian: tensor.rawData.isEmpty ? tensor.floatData : tensor.rawData)
    guard values.count == shape.elementCount else {
      throw failure(node, "has weights whose size differs from their shape")
    }
    return (shape, values)
  }

  func failure(_ cause: String) -> InputError {
    InputError(cause, at: Place(file: file), remedy: Self.remedy)
  }

  func failure(_ node: NodeProto, _ cause: String) -> InputError {
    let name = node.name.isEmpty ? node.output.first ?? "" : node.name
    return failure("oneDNN in Labbook can't run the node \"\(name)\": \(node.opType) \(cause)")
  }

  private static let remedy =
    "It runs square convolutions, batch norms, sums, ReLUs, pools of windows beside each other, global average pools "
    + "and linear layers; onnxruntime runs all."
}

/// A convolution of an ONNX file.
struct ONNXConvolution {
  let inputs: Int
  let outputs: Int
  let groups: Int
  let kernel: Int
  let stride: Int
  /// The kernels: outputs x inputs of a group x height x width.
  let kernels: [Float]
  /// The bias of each output; empty for none.
  let bias: [Float]
  let outputShape: [Int]

  /// - Parameter shape: The shape of the input.
  init(_ node: NodeProto, _ shape: [Int], _ model: ONNXModel) throws {
    let weights = try model.weights(node, 1)
    bias = node.input.count > 2 && !node.input[2].isEmpty ? try model.weights(node, 2).values : []
    func list(_ name: String, _ preset: [Int]) -> [Int] {
      model.attribute(node, name).map { $0.ints.map(Int.init(clamping:)) } ?? preset
    }
    guard shape.count == 4, weights.shape.count == 4 else { throw model.failure(node, "isn't a convolution of images") }
    guard shape[2] == shape[3] else { throw model.failure(node, "has an input that isn't square") }
    (inputs, outputs, kernel, kernels) = (shape[1], weights.shape[0], weights.shape[2], weights.values)
    groups = model.attribute(node, "group").map { Int(clamping: $0.i) } ?? 1
    let strides = list("strides", [1, 1])
    stride = strides.first ?? 1
    guard kernel == weights.shape[3], kernel % 2 == 1, (1...16).contains(stride), strides == [stride, stride],
      model.padding(node) == "NOTSET", list("pads", [0, 0, 0, 0]) == [Int](repeating: kernel / 2, count: 4),
      list("dilations", [1, 1]) == [1, 1], bias.isEmpty || bias.count == outputs
    else { throw model.failure(node, "isn't square with an odd kernel and a zero padding of half its size") }
    guard groups > 0, outputs % groups == 0, weights.shape[1].multipliedReportingOverflow(by: groups) == (inputs, false)
    else { throw model.failure(node, "has another number of channels than its input") }
    // Small groups are computed as one group, whose other weights are zero.
    let isDepthwise = groups == inputs && groups == outputs
    guard groups == 1 || isDepthwise || [outputs, inputs, kernel, kernel].elementCount ?? .max <= InferenceValue.limit
    else { throw model.failure(node, "has too many channels for its groups") }
    let size = (shape[2] - 1) / stride + 1
    outputShape = [shape[0], outputs, size, size]
  }
}
