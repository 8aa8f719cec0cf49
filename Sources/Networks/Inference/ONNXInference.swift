internal import COneDNN
import Core
import Foundation
import Numerics
import ONNX

/// An ONNX model that oneDNN runs in this process, on the thread that made it. It supports convolutions (whole or
/// in groups, with odd kernels), batch norms, sums, ReLUs, pooling of windows beside each other, global average pooling
/// and linear layers.
///
/// A batch norm, a sum and a ReLU after a convolution are fused with it: they are computed in one pass over its
/// output.
package final class ONNXInference {
  /// A node with the nodes that are fused with it.
  private struct Step {
    var name: String
    var type: String
    var run: () -> Bool
  }

  private let model: ONNXModel
  private let resources = PassResources()
  private var values: [String: InferenceValue] = [:]
  private var steps: [Step] = []
  /// The number of elements of all values.
  private var held = 0
  /// The indices of nodes that are fused with an earlier one.
  private var fused: Set<Int> = []

  /// - Parameter file: The path of the file, for messages.
  /// - Throws: `InputError` when oneDNN can't be loaded, or the file isn't an ONNX model or has an unsupported node.
  package init(_ content: Data, file: String, threads: Int) throws {
    try OneDNN.use(threads: threads)
    model = try ONNXModel(content, file: file)
    for input in model.inputs {
      values[input.name] = try newValue(input.shape, isPlain: model.isImage(input))
    }
    for index in model.nodes.indices where !fused.contains(index) { try add(index) }
    guard model.outputs.allSatisfy({ values[$0] != nil }) else {
      throw model.failure("no node computes an output of the model")
    }
  }

  /// The names and operators of the steps, in their order.
  package var operators: [(name: String, type: String)] { steps.map { ($0.name, $0.type) } }

  /// Runs the model once.
  /// - Throws: `InputError` when oneDNN fails.
  package func run() throws {
    for step in steps where !step.run() { throw OneDNN.failure(step.name, "oneDNN gave up") }
  }

  /// Runs the model once and returns the nanoseconds of each step.
  package func timedSteps() throws -> [Int] {
    try steps.map { step in
      let start = DispatchTime.now().uptimeNanoseconds
      guard step.run() else { throw OneDNN.failure(step.name, "oneDNN gave up") }
      return Int(clamping: DispatchTime.now().uptimeNanoseconds - start)
    }
  }

  /// Sets the inputs in the order of the file, each as row-major numbers of the input's size.
  package func set(_ numbers: [[Float]]) {
    for (input, numbers) in zip(model.inputs, numbers) { values[input.name]?.set(numbers) }
  }

  /// Fills the inputs with random numbers.
  package func setRandomInputs() {
    var random = SeededGenerator(seed: 0)
    set(
      model.inputs.map { input in
        (0..<input.shape.reduce(1, *)).map { _ in Float(random.uniform() * 2 - 1) }
      })
  }

  /// The first output in row-major order.
  package var output: [Float] { model.outputs.first.flatMap { values[$0]?.numbers } ?? [] }

  // MARK: Nodes

  private func newValue(_ shape: [Int], isPlain: Bool) throws -> InferenceValue {
    let value = try InferenceValue(shape: shape, isPlain: isPlain, model)
    held += value.count
    guard held <= InferenceValue.limit else {
      throw model.failure(
        "oneDNN in Labbook can't hold the values of the model: they are more than \(InferenceValue.limit) numbers")
    }
    return value
  }

  private func add(_ index: Int) throws {
    let node = model.nodes[index]
    switch node.opType {
    case "Conv": try addConvolution(index)
    case "BatchNormalization", "Add", "Relu": try addElementwise(index)
    case "GlobalAveragePool": try addPool(node)
    case "MaxPool", "AveragePool": try addWindows(node)
    case "Gemm": try addLinear(node)
    case "Flatten", "Reshape", "Squeeze", "Identity", "Dropout":
      let input = try value(node, 0)
      guard node.opType == "Identity" || node.opType == "Dropout" || input.isPlain || input.positions == 1 else {
        throw model.failure(node, "changes the shape of a feature map")
      }
      values[try model.result(node)] = input
    default: throw model.failure(node, "is not supported")
    }
  }

  private func value(_ node: NodeProto, _ index: Int) throws -> InferenceValue {
    guard node.input.indices.contains(index), let value = values[node.input[index]] else {
      throw model.failure(node, "has an input that no node computes")
    }
    return value
  }

  private func addConvolution(_ index: Int) throws {
    let node = model.nodes[index]
    let input = try value(node, 0)
    let layer = try ONNXConvolution(node, input.shape, model)
    let output = try newValue(layer.outputShape, isPlain: false)
    let strides = [layer.kernels.count / layer.outputs, layer.kernel * layer.kernel, layer.kernel, 1]
    let primitive = try resources.primitive(
      ConvolutionPrimitive.Shape(
        batch: input.shape[0], inputs: layer.inputs, outputs: layer.outputs, groups: layer.groups,
        size: input.shape[2], kernel: layer.kernel, stride: layer.stride, readsImage: input.isPlain,
        weightStrides: strides, hasGradients: false), name: node.name)
    guard let prepared = primitive.prepared(layer.kernels, scratch: resources.scratchMemory) else {
      throw OneDNN.failure(node.name, "oneDNN gave up")
    }
    var tail = ElementwiseTail(output, shift: layer.bias)
    let result = try fuse(after: try model.result(node), &tail)
    values[result.name] = output
    let finish = tail.pass(from: output, to: output)
    // A later convolution may enlarge the shared scratch memory, so its address is read at each run.
    let resources = resources
    steps.append(
      Step(name: node.name, type: (["Conv"] + result.types).joined(separator: "+")) {
        primitive.forward(
          input.pointer, prepared: prepared, output: output.pointer, scratch: resources.scratchMemory) && finish()
      })
  }

  private func addElementwise(_ index: Int) throws {
    let node = model.nodes[index]
    let input = try value(node, 0)
    guard !input.isPlain else { throw model.failure(node, "has an input that isn't a feature map") }
    let output = try newValue(input.shape, isPlain: false)
    var tail = ElementwiseTail(output)
    guard try include(node, of: node.input[0], &tail) else {
      throw model.failure(node, "joins inputs of different shapes")
    }
    let result = try fuse(after: try model.result(node), &tail)
    values[result.name] = output
    let pass = tail.pass(from: input, to: output)
    steps.append(Step(name: node.name, type: ([node.opType] + result.types).joined(separator: "+"), run: pass))
  }

  /// Fuses the nodes after a value that has no other reader with the pass that computes the value.
  private func fuse(
    after name: String, _ tail: inout ElementwiseTail
  ) throws -> (name: String, types: [String]) {
    var (name, types): (String, [String]) = (name, [])
    while let next = model.onlyReader(of: name), !fused.contains(next) {
      let node = model.nodes[next]
      guard try include(node, of: name, &tail) else { break }
      fused.insert(next)
      name = try model.result(node)
      types.append(node.opType)
    }
    return (name, types)
  }

  /// Whether a node could be fused with the pass.
  private func include(_ node: NodeProto, of name: String, _ tail: inout ElementwiseTail) throws -> Bool {
    guard !tail.isActivated else { return false }
    switch node.opType {
    case "BatchNormalization":
      guard node.input.first == name, tail.residual == nil else { return false }
      guard (model.attribute(node, "training_mode")?.i ?? 0) == 0 else {
        throw model.failure(node, "is in the mode for training")
      }
      let epsilon = model.attribute(node, "epsilon")?.f ?? 1e-5
      let parts = try (1..<5).map { try model.weights(node, $0) }
      guard parts.allSatisfy({ $0.values.count == tail.channels }) else {
        throw model.failure(node, "has another number of channels than its input")
      }
      tail.normalize(parts.map(\.values), epsilon: epsilon)
    case "Add":
      guard tail.residual == nil, node.input.count == 2,
        let other = values[node.input[0] == name ? node.input[1] : node.input[0]], !other.isPlain,
        other.shape == tail.shape
      else { return false }
      tail.residual = other
    case "Relu": tail.isActivated = true
    default: return false
    }
    return true
  }

  private func addPool(_ node: NodeProto) throws {
    let input = try value(node, 0)
    guard let map = input.map else { throw model.failure(node, "has an input that isn't a feature map") }
    let output = try newValue([input.shape[0], input.shape[1]], isPlain: true)
    values[try model.result(node)] = output
    steps.append(
      Step(name: node.name, type: node.opType) {
        pool_forward(map, input.pointer, output.pointer)
        return true
      })
  }

  private func addWindows(_ node: NodeProto) throws {
    let input = try value(node, 0)
    func list(_ name: String) -> [Int]? { model.attribute(node, name).map { $0.ints.map(Int.init(clamping:)) } }
    guard let map = input.map, let window = list("kernel_shape")?.first, window > 1, window <= input.shape[2],
      list("kernel_shape") == [window, window], list("strides") == [window, window],
      ["NOTSET", "VALID"].contains(model.padding(node)), (list("pads") ?? []).allSatisfy({ $0 == 0 }),
      (list("dilations") ?? []).allSatisfy({ $0 == 1 }),
      (model.attribute(node, "ceil_mode")?.i ?? 0) == 0
    else { throw model.failure(node, "isn't a pooling of square windows that lie beside each other") }
    let (side, isMax) = (input.shape[2], node.opType == "MaxPool")
    let output = try newValue([input.shape[0], input.shape[1], side / window, side / window], isPlain: false)
    values[try model.result(node)] = output
    steps.append(
      Step(name: node.name, type: node.opType) {
        window_pool_forward(map, side, window, isMax, input.pointer, output.pointer)
        return true
      })
  }

  private func addLinear(_ node: NodeProto) throws {
    let input = try value(node, 0)
    let matrix = try model.weights(node, 1)
    let bias = node.input.count > 2 ? try model.weights(node, 2).values : []
    guard input.isPlain, input.shape.count == 2, model.attribute(node, "transB")?.i == 1, matrix.shape.count == 2,
      matrix.shape[1] == input.shape[1], bias.isEmpty || bias.count == matrix.shape[0],
      (model.attribute(node, "alpha")?.f ?? 1) == 1, (model.attribute(node, "beta")?.f ?? 1) == 1,
      (model.attribute(node, "transA")?.i ?? 0) == 0
    else { throw model.failure(node, "isn't a linear layer of rows") }
    let (rows, inputs, outputs) = (input.shape[0], input.shape[1], matrix.shape[0])
    let weights = Buffer<Float>(matrix.values.count, repeating: 0)
    weights.copy(matrix.values)
    let shift = Buffer<Float>(outputs, repeating: 0)
    if !bias.isEmpty { shift.copy(bias) }
    let output = try newValue([rows, outputs], isPlain: true)
    values[try model.result(node)] = output
    steps.append(
      Step(name: node.name, type: node.opType) {
        linear_forward(
          rows, inputs, outputs, inputs, input.pointer, weights.pointer, shift.pointer, output.pointer)
        return true
      })
  }
}
