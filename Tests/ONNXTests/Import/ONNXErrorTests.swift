import Foundation
import Testing

@testable import Core
@testable import ONNX

@Suite struct ONNXErrorTests {
  struct Unusable: CustomTestStringConvertible, Sendable {
    var model: String
    var message: String
    var testDescription: String { model }
  }

  @Test(arguments: [
    Unusable(
      model: "unknown-operator",
      message: """
        node "warp" (com.example.GridSampler): the operator com.example.GridSampler is unknown
          Add an operator of your own by registry: \
        OperationRegistry.standard.adding([OperationDefinition("gridsampler", \
        cost: .elementwise, onnxTypes: ["com.example.GridSampler"])]).
        """),
    Unusable(
      model: "misspelt-operator",
      message: """
        node "t0" (Conv2): the operator Conv2 is unknown
          The most similar one is Conv. Add an operator of your own by registry: \
        OperationRegistry.standard.adding(\
        [OperationDefinition("conv2", cost: .elementwise, onnxTypes: ["Conv2"])]).
        """),
    Unusable(
      model: "control-flow",
      message: """
        node "choose" (If): control flow has no graph of fixed nodes
          Export the model for one input size without branches and loops that depend on data.
        """),
    Unusable(
      model: "function",
      message: """
        node "act" (local.Swish): the operator is a function that the file defines itself
          Write it out with onnx.inliner.inline_local_functions.
        """),
    Unusable(
      model: "open-sizes",
      message: """
        axis 2, "height", of the input "x" has no fixed size
          Export the model with fixed sizes, or give them by inputShapes: ["x": [1, 3, 224, 224]].
        """),
    Unusable(
      model: "unordered",
      message: """
        node "Relu_1" (Relu): no earlier node computes its input "t0"
          An ONNX file must list its nodes in topological order; run onnx.checker for details.
        """),
    Unusable(
      model: "wrong-weights",
      message: "node \"stem\" (Conv): weights of the shape [8, 3, 3, 3] in 1 group don't fit an input of [1, 8, 6, 6]"),
    Unusable(
      model: "unknown-shape",
      message: """
        node "view" (Reshape): its shape, "t1" of node "NonZero_1" (NonZero), is known only at run time
          Export the model with fixed sizes, or write them into the file with onnx.shape_inference.
        """),
    Unusable(
      model: "window-too-large",
      message: "node \"pool\" (AveragePool): its window of 7x7 is larger than its input of 6x6"),
    Unusable(model: "constant-output", message: "no output of the model depends on an input"),
  ])
  func unusableModels(_ unusable: Unusable) throws {
    let path = ONNXModels.path(unusable.model)
    #expect(try message { _ = try NetworkGraph(onnx: path) } == "\(path): \(unusable.message)")
  }

  @Test func unknownInputs() throws {
    let path = ONNXModels.path("open-sizes")
    #expect(
      try message { _ = try NetworkGraph(onnx: path, inputShapes: ["X": [1, 3, 8, 8]]) } == """
        \(path): the model has no input "X"
          Did you mean "x"? The inputs are "x".
        """)
    #expect(
      try message { _ = try NetworkGraph(onnx: path, inputShapes: ["x": [1, 3, 0, 8]]) }
        == "\(path): the input \"x\" has the shape [1, 3, 0, 8]")
  }

  @Test func operationsThatTheRegistryLacks() throws {
    let registry = try OperationRegistry.standard.restricted(to: [.input, .output, .convolution])
    let path = ONNXModels.path("pruned-resnet-p0000")
    #expect(
      try message { _ = try NetworkGraph(onnx: path, registry: registry) }
        .hasPrefix("\(path): node \"Relu_1\" (Relu): the operator Relu is unknown"))
  }

  @Test func foreignFiles() throws {
    let files = try TemporaryFiles([
      "empty.onnx": "", "text.onnx": "architecture,latency\n1,2\n", "weights.onnx": "PK\u{3}\u{4}\0\0archive/data.pkl",
    ])
    func message(_ name: String) throws -> String { try files.message { _ = try NetworkGraph(onnx: $0.path(name)) } }
    #expect(
      try message("empty.onnx") == "empty.onnx: the file is empty\n  Export the model again, or copy it again.")
    #expect(
      try message("text.onnx") == "text.onnx: this is not an ONNX file\n  Export the model again, or copy it again.")
    #expect(
      try message("weights.onnx") == """
        weights.onnx: this is a zip archive, not an ONNX file
          Export the model with torch.onnx.export instead of torch.save.
        """)
    #expect(try message("absent.onnx").hasPrefix("absent.onnx: there is no such file"))
  }

  /// Every truncated file gives an error that says that it is cut off or that something is missing.
  @Test func filesCutOff() throws {
    let content = try ONNXModels.content("shape-arithmetic")
    for length in stride(from: 1, to: content.count, by: 3) {
      #expect(throws: InputError.self) { try read(content.prefix(length)) }
    }
    let cut = try message { _ = try read(content.prefix(content.count / 2)) }
    #expect(
      cut
        == "m.onnx: the file ends in the middle of a field: it is cut off\n  Export the model again, or copy it again."
    )
  }

  /// Every damaged file gives a graph or an error.
  @Test(arguments: ["shape-arithmetic", "fused", "operators", "exported-plain"])
  func damagedFiles(_ model: String) throws {
    let content = try ONNXModels.content(model)
    var random = SeededGenerator(seed: 4)
    for _ in 0..<400 {
      var damaged = content
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        damaged[Int.random(in: 0..<damaged.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      do {
        let graph = try read(damaged)
        #expect(!graph.nodes.isEmpty)
      } catch {
        #expect(error is InputError)
      }
    }
  }

  private func read(_ content: Data) throws -> NetworkGraph {
    try ONNXGraphReader.read(
      ONNXFile("m.onnx", content), id: "m", properties: [:], inputShapes: [:], registry: .standard)
  }

  /// Constants that are read where they have no elements: an addition of version 6 whose second input is aligned with
  /// the first axis, and a slice backwards of nothing.
  @Test func constantsWithoutSuchElementsAreUnknown() throws {
    func constant(_ name: String, _ shape: [Int64], _ values: [Int64]) -> TensorProto {
      var tensor = TensorProto()
      (tensor.name, tensor.dims, tensor.dataType, tensor.int64Data) = (name, shape, 7, values)
      return tensor
    }
    func node(_ type: String, _ inputs: [String], _ output: String) -> NodeProto {
      var node = NodeProto()
      (node.opType, node.name, node.input, node.output) = (type, output, inputs, [output])
      return node
    }
    var axis = AttributeProto()
    (axis.name, axis.i, axis.type) = ("axis", 0, 2)
    var broadcast = AttributeProto()
    (broadcast.name, broadcast.i, broadcast.type) = ("broadcast", 1, 2)
    var sum = node("Add", ["a", "b"], "y")
    sum.attribute = [broadcast, axis]
    let cases: [(Int64, NodeProto, [TensorProto])] = [
      (6, sum, [constant("a", [2, 4], Array(0..<8)), constant("b", [2], [1, 2])]),
      (
        13, node("Slice", ["a", "start", "end", "axes", "steps"], "y"),
        [
          constant("a", [0], []), constant("start", [1], [0]), constant("end", [1], [-5]), constant("axes", [1], [0]),
          constant("steps", [1], [-1]),
        ]
      ),
    ]
    for (version, node, constants) in cases {
      var model = ModelProto()
      model.irVersion = 8
      var operators = OperatorSetIdProto()
      operators.version = version
      model.opsetImport = [operators]
      var graph = GraphProto()
      (graph.node, graph.initializer) = ([node], constants)
      var output = ValueInfoProto()
      output.name = "y"
      graph.output = [output]
      model.graph = graph
      let files = try TemporaryFiles([:])
      try model.encoded().write(to: URL(fileURLWithPath: files.path("m.onnx")))
      // Whether this is a network is another question; here it must be an answer.
      _ = try files.message { _ = try NetworkGraph(onnx: $0.path("m.onnx")) }
    }
  }
}
