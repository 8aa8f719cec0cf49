import Core
import Foundation
import ONNX
import Testing

@testable import Networks

/// ONNX models that oneDNN runs in this process.
@Suite struct ONNXInferenceTests {
  /// The outputs of an exported network equal those that the network itself computes.
  @Test(arguments: [true, false], [1, 3])
  func exportedNetworksGiveTheSameOutputs(folds: Bool, batch: Int) throws {
    let residual = ResidualCNN(widths: [8, 24], blocksPerStage: 2, imageSize: 16)
    let mobile = MobileNet(imageSize: 16)
    let grouped = GroupedCNN(imageSize: 16, pooling: .max(2))
    let averaged = GroupedCNN(imageSize: 16, pooling: .average(3))
    let spaces: [(any NetworkSpace, Point)] = [
      (residual, residual.fullPoint), (residual, try residual.point("- 8 | 8 -")), (mobile, mobile.fullPoint),
      (mobile, mobile.smallestPoint), (grouped, grouped.fullPoint), (grouped, try grouped.point("8 | 24")),
      (averaged, averaged.fullPoint),
    ]
    var context = TrainingContext.current
    context.threads = 1
    let images = try ImageSet.shapes(batch, size: 16, seed: 1)
    let normalization = images.normalization
    let numbers = images.pixels.enumerated().map { index, pixel in
      let channel = index / 256 % 3
      return (Float(pixel) / 255 - normalization.mean[channel]) / normalization.deviation[channel]
    }
    for (space, point) in spaces {
      let network = try space.network(at: point)
      let weights = NetworkWeights(random: network, seed: 2)
      let content = try network.onnx(
        weights: weights, ONNXExport(foldsNormalization: folds, batch: batch == 1 ? nil : batch))
      let model = try ONNXInference(content, file: "m.onnx", threads: 1)
      model.set([numbers])
      try model.run()
      let expected = try network.logits(weights, of: images, normalization, in: context)
      #expect(model.output.count == expected.count)
      for (one, other) in zip(model.output, expected) { #expect(abs(one - other) < 1e-4 * max(1, abs(other))) }
      // All nodes after a convolution are fused with it.
      #expect(
        model.operators.map(\.type).allSatisfy { $0.hasPrefix("Conv") || $0.hasSuffix("Pool") || $0 == "Gemm" })
      #expect(try model.timedSteps().count == model.operators.count)
    }
  }

  /// The graph of one node with weights of 1, or of several nodes.
  private func model(
    _ nodes: [(type: String, inputs: [String], output: String)], input: [Int64] = [1, 2, 4, 4],
    weights: [String: [Int64]] = [:], _ change: (inout ModelProto) -> Void = { _ in }
  ) -> Data {
    var model = ModelProto()
    model.irVersion = 8
    var version = OperatorSetIdProto()
    version.version = 13
    model.opsetImport = [version]
    var graph = GraphProto()
    graph.node = nodes.map { type, inputs, output in
      var node = NodeProto()
      (node.opType, node.name, node.input, node.output) = (type, "n-\(output)", inputs, [output])
      return node
    }
    var shape = TensorShapeProto()
    shape.dim = input.map { extent in
      var dimension = TensorShapeProto.Dimension()
      dimension.dimValue = extent
      return dimension
    }
    var value = ValueInfoProto()
    value.name = "x"
    value.type = TypeProto()
    value.type?.tensorType = TypeProto.Tensor()
    value.type?.tensorType?.elemType = 1
    value.type?.tensorType?.shape = shape
    graph.input = [value]
    value.name = nodes.last?.output ?? ""
    graph.output = [value]
    graph.initializer = weights.map { name, extents in
      var tensor = TensorProto()
      (tensor.name, tensor.dims, tensor.dataType) = (name, extents, 1)
      let ones = [Float](repeating: 1, count: extents.reduce(1) { $0 * Int($1) })
      tensor.rawData = ones.withUnsafeBytes { Data($0) }
      return tensor
    }
    model.graph = graph
    change(&model)
    return model.encoded()
  }

  /// Sums whose other operand is computed later, sums of a value with itself, and ReLUs whose input has another
  /// reader.
  @Test func sumsAndReLUsAloneAreRun() throws {
    let content = model([
      ("Relu", ["x"], "a"), ("Add", ["x", "x"], "b"), ("Add", ["a", "b"], "c"), ("Relu", ["c"], "y"),
    ])
    let run = try ONNXInference(content, file: "m.onnx", threads: 1)
    let numbers = (0..<32).map { Float($0) - 16 }
    run.set([numbers])
    try run.run()
    #expect(run.output == numbers.map { max(0, max(0, $0) + 2 * $0) })
    #expect(run.operators.map(\.type) == ["Relu", "Add", "Add+Relu"])
  }

  @Test func aConvolutionAloneIsRun() throws {
    let content = model([("Conv", ["x", "w"], "y")], input: [1, 20, 3, 3], weights: ["w": [17, 20, 1, 1]])
    let run = try ONNXInference(content, file: "m.onnx", threads: 1)
    let numbers = (0..<180).map { Float($0 % 7) }
    run.set([numbers])
    try run.run()
    let sums = (0..<9).map { position in (0..<20).reduce(Float(0)) { $0 + numbers[$1 * 9 + position] } }
    #expect(run.output == (0..<17).flatMap { _ in sums })
  }

  private func attribute(_ name: String, _ integers: [Int64]) -> AttributeProto {
    var attribute = AttributeProto()
    (attribute.name, attribute.type) = (name, integers.count == 1 ? 2 : 7)
    if integers.count == 1 { attribute.i = integers[0] } else { attribute.ints = integers }
    return attribute
  }

  private func attribute(_ name: String, _ text: String) -> AttributeProto {
    var attribute = AttributeProto()
    (attribute.name, attribute.type, attribute.s) = (name, 3, Data(text.utf8))
    return attribute
  }

  /// A pool that pads the image by itself has more outputs than one that doesn't.
  @Test func poolsThatPadAreTold() throws {
    func run(_ padding: String) throws -> [Float] {
      let attributes = [
        attribute("kernel_shape", [2, 2]), attribute("strides", [2, 2]), attribute("auto_pad", padding),
      ]
      let content = model([("MaxPool", ["x"], "y")], input: [1, 1, 5, 5]) { $0.graph?.node[0].attribute = attributes }
      let inference = try ONNXInference(content, file: "m.onnx", threads: 1)
      inference.set([(0..<25).map { Float($0) }])
      try inference.run()
      return inference.output
    }
    for padding in ["NOTSET", "VALID"] { #expect(try run(padding) == [6, 8, 16, 18]) }
    for padding in ["SAME_UPPER", "SAME_LOWER"] {
      let error = #expect(throws: InputError.self) { try run(padding) }
      #expect(error?.cause.hasSuffix("MaxPool isn't a pooling of square windows that lie beside each other") == true)
    }
  }

  /// Its weights in the file take half a megabyte, and would take 16 GB as those of one group.
  @Test func groupsThatTakeTooMuchMemoryAreTold() {
    let content = model(
      [("Conv", ["x", "w"], "y")], input: [1, 65_536, 1, 1], weights: ["w": [65_536, 2, 1, 1]]
    ) { $0.graph?.node[0].attribute = [attribute("group", [32_768])] }
    let error = #expect(throws: InputError.self) { try ONNXInference(content, file: "m.onnx", threads: 1) }
    #expect(
      error?.cause == "oneDNN in Labbook can't run the node \"n-y\": Conv has too many channels for its groups")
  }

  @Test func aBatchNormThatTrainsIsTold() {
    let content = model(
      [("BatchNormalization", ["x", "scale", "shift", "mean", "variance"], "y")],
      weights: ["scale": [2], "shift": [2], "mean": [2], "variance": [2]]
    ) { $0.graph?.node[0].attribute = [attribute("training_mode", [1])] }
    let error = #expect(throws: InputError.self) { try ONNXInference(content, file: "m.onnx", threads: 1) }
    #expect(
      error?.cause == "oneDNN in Labbook can't run the node \"n-y\": BatchNormalization is in the mode for training")
  }

  private static let way =
    "It runs square convolutions, batch norms, sums, ReLUs, pools of windows beside each other, global average pools "
    + "and linear layers; onnxruntime runs all."

  @Test func whatCantBeRunIsTold() throws {
    func error(_ content: Data) -> String? {
      let error = #expect(throws: InputError.self) { try ONNXInference(content, file: "m.onnx", threads: 1) }
      return error?.description
    }
    #expect(error(Data("nonsense".utf8)) == "m.onnx: this is not an ONNX model\n  Export the model again.")
    let prefix = "m.onnx: oneDNN in Labbook can't run the node \"n-y\": "
    let cases: [(Data, String)] = [
      (model([("Sigmoid", ["x"], "y")]), "Sigmoid is not supported"),
      (model([("Relu", ["z"], "y")]), "Relu has an input that no node computes"),
      (
        model([("Conv", ["x", "w"], "y")], weights: ["w": [4, 2, 2, 2]]),
        "Conv isn't square with an odd kernel and a zero padding of half its size"
      ),
      (
        model([("Conv", ["x", "w"], "y")], weights: ["w": [4, 3, 1, 1]]),
        "Conv has another number of channels than its input"
      ),
      (model([("Conv", ["x", "w"], "y")]), "Conv has weights that aren't 32-bit floats in the file"),
      (
        model([("Conv", ["x", "w"], "y")], weights: ["w": [4, 2, 1, 1]]) {
          $0.graph?.initializer[0].rawData.removeLast()
        },
        "Conv has weights whose size differs from their shape"
      ),
      (
        // 4 x 2^62 is 0 in 64 bits.
        model([("Gemm", ["x", "w"], "y")], input: [1, 4], weights: ["w": [1, 4]]) {
          $0.graph?.initializer[0].dims = [1 << 62, 4]
          $0.graph?.initializer[0].rawData = Data()
        },
        "Gemm has weights whose size differs from their shape"
      ),
      (
        model([("Conv", ["x", "w"], "y")], input: [1, 2, 8, 4], weights: ["w": [4, 2, 1, 1]]),
        "Conv has an input that isn't square"
      ),
      (model([("Gemm", ["x", "w"], "y")], weights: ["w": [4, 32]]), "Gemm isn't a linear layer of rows"),
      (model([("Flatten", ["x"], "y")]), "Flatten changes the shape of a feature map"),
    ]
    for (content, cause) in cases { #expect(error(content) == "\(prefix)\(cause)\n  \(Self.way)") }
    #expect(
      error(model([("Relu", ["x"], "y")], input: [1, 2, 4, 5]))
        == "m.onnx: oneDNN in Labbook can't hold a value of 1 x 2 x 4 x 5: it runs square feature maps\n  \(Self.way)")
    #expect(
      error(model([("Relu", ["x"], "y")], input: [1, 2, 0, 4]))
        == "m.onnx: the size of the input \"x\" is unknown\n  Export the model with a fixed size.")
    #expect(
      error(model([("Relu", ["x"], "y")], input: [1 << 40, 1 << 40, 4, 4]))?.contains("can't hold a value of") == true)
    #expect(
      error(model([("Relu", ["x"], "y")]) { $0.graph?.output[0].name = "z" })?
        .contains("no node computes an output of the model") == true)
  }
}
