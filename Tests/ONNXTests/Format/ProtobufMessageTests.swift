import Basics
import Core
import Foundation
import Testing

@testable import ONNX

@Suite struct ProtobufMessageTests {
  /// The bytes equal protoc 3.21's for the same values (`protoc --encode=onnx.AttributeProto onnx.proto`).
  @Test func isWrittenAsProtocWritesIt() throws {
    var attribute = AttributeProto()
    attribute.name = "pads"
    attribute.i = -1
    attribute.f = 1.5
    attribute.s = Data("SAME".utf8)
    attribute.ints = [1, 300]
    attribute.floats = [0.5]
    attribute.type = 7
    let bytes: [UInt8] =
      [0x0A, 4] + Array("pads".utf8) + [0x15, 0, 0, 0xC0, 0x3F] + [0x18] + [UInt8](repeating: 0xFF, count: 9) + [1]
      + [0x22, 4] + Array("SAME".utf8) + [0x3A, 4, 0, 0, 0, 0x3F] + [0x42, 3, 1, 0xAC, 2] + [0xA0, 1, 7]
    #expect(Array(attribute.encoded()) == bytes)
    #expect(try AttributeProto(decoding: Data(bytes)) == attribute)
  }

  @Test func everyFieldIsReadAsItWasWritten() throws {
    var tensor = TensorProto()
    tensor.dims = [2, 3]
    tensor.dataType = 1
    tensor.floatData = Data([0, 0, 0x80, 0x3F])
    tensor.int32Data = [-1, .max, .min]
    tensor.int64Data = [.min, 0, .max]
    tensor.name = "权重"
    tensor.rawData = Data(0...255)
    tensor.doubleData = [-0.0, .infinity, 1e-310]
    tensor.dataLocation = 1
    var sparse = SparseTensorProto()
    sparse.values = tensor
    sparse.dims = [4]
    var attribute = AttributeProto()
    attribute.name = "value"
    attribute.t = tensor
    attribute.strings = [Data("a".utf8), Data()]
    attribute.sparseTensor = sparse
    var node = NodeProto()
    (node.input, node.output, node.name, node.opType, node.domain) = (["x", ""], ["y"], "n", "Conv", "com.me")
    node.attribute = [attribute, AttributeProto()]
    var open = TensorShapeProto.Dimension()
    open.dimParam = "N"
    var fixed = TensorShapeProto.Dimension()
    fixed.dimValue = 224
    var value = ValueInfoProto()
    value.name = "x"
    value.type = TypeProto()
    value.type?.tensorType = TypeProto.Tensor()
    value.type?.tensorType?.elemType = 1
    value.type?.tensorType?.shape = TensorShapeProto()
    value.type?.tensorType?.shape?.dim = [open, fixed]
    var graph = GraphProto()
    (graph.name, graph.node, graph.initializer, graph.sparseInitializer) = ("g", [node], [tensor], [sparse])
    (graph.input, graph.output, graph.valueInfo) = ([value], [value, ValueInfoProto()], [value])
    var function = FunctionProto()
    (function.name, function.domain) = ("f", "d")
    var version = OperatorSetIdProto()
    (version.domain, version.version) = ("ai.onnx", 17)
    var model = ModelProto()
    (model.irVersion, model.producerName, model.producerVersion) = (8, "labbook", "1")
    (model.graph, model.functions, model.opsetImport) = (graph, [function], [version])
    #expect(try ModelProto(decoding: model.encoded()) == model)
    #expect(try ModelProto(decoding: Data()) == ModelProto())
  }

  /// Encodings that other programs may write, and the values that they are read as.
  @Test(
    arguments: [
      ("a number twice: the last counts", [0x08, 1, 0x08, 2], 2, [String]()),
      (
        "unknown fields of every layout",
        [0x20, 5, 0x21, 1, 2, 3, 4, 5, 6, 7, 8, 0x22, 1, 9, 0x25, 1, 2, 3, 4, 0x08, 3], 3, []
      ),
      ("an unknown group with a group inside", [0x3B, 0x43, 0x08, 1, 0x44, 0x3C, 0x08, 4], 4, []),
      ("a known field of another layout", [0x0D, 1, 2, 3, 4, 0x08, 5], 5, []),
      ("a varint longer than it has to be", [0x08, 0x86, 0x80, 0x00], 6, []),
      ("fields in any order", [0x12, 1, 0x61, 0x08, 7, 0x12, 1, 0x62], 7, ["b"]),
    ] as [(String, [UInt8], Int64, [String])])
  func readsWhatOthersWrite(title: String, bytes: [UInt8], version: Int64, producer: [String]) throws {
    let model = try ModelProto(decoding: Data(bytes))
    #expect(model.irVersion == version)
    #expect(model.producerName == producer.first ?? "")
  }

  @Test func numbersMayFollowEachOtherOrNot() throws {
    let packed = try TensorProto(decoding: Data([0x0A, 3, 1, 0xAC, 2]))
    let single = try TensorProto(decoding: Data([0x08, 1, 0x08, 0xAC, 2]))
    #expect(packed.dims == [1, 300])
    #expect(single == packed)
  }

  /// Protobuf merges messages: if a field occurs twice, the second message is read over the first.
  @Test func messagesForOneFieldAreJoined() throws {
    let model = try ModelProto(decoding: Data([0x3A, 3, 0x12, 1, 0x61, 0x3A, 2, 0x0A, 0]))
    #expect(model.graph?.name == "a")
    #expect(model.graph?.node == [NodeProto()])
  }

  @Test(
    arguments: [
      ("ends in a tag", [0x88], .truncated), ("ends before a value", [0x08], .truncated),
      ("a text longer than the file", [0x12, 5, 0x61], .truncated),
      ("a length near 2^64", [0x12, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1], .truncated),
      ("a number of eleven bytes", [0x08] + [UInt8](repeating: 0x80, count: 10) + [1], .malformed),
      ("field 0", [0x00, 1], .malformed), ("layout 6", [0x0E, 1], .malformed), ("layout 7", [0x0F, 1], .malformed),
      ("a text that isn't UTF-8", [0x12, 1, 0xFF], .malformed),
      ("the end of a group that didn't begin", [0x3C], .malformed),
      ("the end of another group", [0x3B, 0x44], .malformed), ("a group without an end", [0x3B, 0x08, 1], .truncated),
      ("groups 200 deep", [UInt8](repeating: 0x3B, count: 200), .malformed),
      ("a message that ends in a field", [0x3A, 1, 0x08], .truncated),
      ("packed numbers that end in one", [0x3A, 4, 0x2A, 2, 0x0A, 1], .truncated),
    ] as [(String, [UInt8], ProtobufFailure)])
  func refuses(title: String, bytes: [UInt8], failure: ProtobufFailure) {
    #expect(throws: failure) { try ModelProto(decoding: Data(bytes)) }
  }

  /// A file of empty messages with two bytes each takes a hundred times its size in memory.
  @Test func refusesMoreMessagesThanAnyModelHas() {
    let node = UInt16(littleEndian: 0x000A)
    let graph = [UInt16](repeating: node, count: Budgets.onnxMessages).withUnsafeBytes { Data($0) }
    var writer = ProtobufWriter()
    writer.tag(7, .lengthDelimited)
    writer.payload(graph)
    #expect(throws: ProtobufFailure.tooManyMessages) { try ModelProto(decoding: writer.content) }
  }
}
