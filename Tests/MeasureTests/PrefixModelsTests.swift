import Core
import Foundation
import ONNX
import Testing

@testable import Measure

/// Models that end after each of a model's nodes.
@Suite struct PrefixModelsTests {
  /// input -> a -> b, and a + b -> c: the output of `a` is used twice.
  static func model() -> ModelProto {
    func node(_ type: String, _ inputs: [String], _ output: String) -> NodeProto {
      var node = NodeProto()
      (node.opType, node.input, node.output, node.name) = (type, inputs, [output], "the \(output)")
      return node
    }
    func value(_ name: String) -> ValueInfoProto {
      var value = ValueInfoProto()
      value.name = name
      var tensor = TypeProto.Tensor()
      tensor.elemType = 1
      value.type = TypeProto()
      value.type?.tensorType = tensor
      return value
    }
    var weights = TensorProto()
    (weights.name, weights.dims, weights.dataType, weights.rawData) = ("w", [1], 1, Data([0, 0, 0, 0]))
    var graph = GraphProto()
    graph.node = [node("Relu", ["input"], "a"), node("Mul", ["a", "w"], "b"), node("Add", ["a", "b"], "c")]
    (graph.input, graph.output, graph.initializer) = ([value("input")], [value("c")], [weights])
    var version = OperatorSetIdProto()
    version.version = 13
    var model = ModelProto()
    (model.irVersion, model.graph, model.opsetImport) = (8, graph, [version])
    return model
  }

  @Test func eachPieceHasOneNodeMoreAndGivesWhatNobodyUses() throws {
    let prefixes = try PrefixModels(Self.model().encoded(), file: "m.onnx").prefixes
    #expect(prefixes.map(\.name) == ["the a", "the b", "the c"])
    #expect(prefixes.map(\.type) == ["Relu", "Mul", "Add"])
    let graphs = try prefixes.map { try #require(try ModelProto(decoding: $0.content).graph) }
    #expect(graphs.map(\.node.count) == [1, 2, 3])
    #expect(graphs.map { $0.output.map(\.name) } == [["a"], ["b"], ["c"]])
    #expect(graphs.map { $0.initializer.map(\.name) } == [[], ["w"], ["w"]])
    #expect(graphs.allSatisfy { $0.input.map(\.name) == ["input"] })
    // The last prefix is the whole model.
    #expect(try ModelProto(decoding: prefixes[2].content) == Self.model())
  }

  @Test func whatCantBeCutIsTold() {
    #expect(throws: InputError("this is not an ONNX file", at: Place(file: "m.onnx"))) {
      try PrefixModels(Data("not a model".utf8), file: "m.onnx")
    }
    #expect(throws: InputError("the model has no nodes", at: Place(file: "m.onnx"))) {
      try PrefixModels(Data(), file: "m.onnx")
    }
    var model = Self.model()
    model.graph?.initializer[0].dataLocation = 1
    let error = #expect(throws: InputError.self) { try PrefixModels(model.encoded(), file: "m.onnx") }
    #expect(error?.cause == "the model has functions, sparse weights or weights in another file")
  }
}
