import Foundation

package struct GraphProto: ProtobufMessage {
  package var node: [NodeProto] = []
  package var name = ""
  package var initializer: [TensorProto] = []
  package var input: [ValueInfoProto] = []
  package var output: [ValueInfoProto] = []
  package var valueInfo: [ValueInfoProto] = []
  package var sparseInitializer: [SparseTensorProto] = []

  package init() {}

  package static let fields: [ProtobufField<Self>] = [
    .messages(1, \.node), .text(2, \.name), .messages(5, \.initializer), .messages(11, \.input),
    .messages(12, \.output), .messages(13, \.valueInfo), .messages(15, \.sparseInitializer),
  ]
}

package struct NodeProto: ProtobufMessage {
  package var input: [String] = []
  package var output: [String] = []
  package var name = ""
  package var opType = ""
  package var attribute: [AttributeProto] = []
  package var domain = ""

  package init() {}

  package static let fields: [ProtobufField<Self>] = [
    .texts(1, \.input), .texts(2, \.output), .text(3, \.name), .text(4, \.opType), .messages(5, \.attribute),
    .text(7, \.domain),
  ]
}

package struct AttributeProto: ProtobufMessage {
  package var name = ""
  package var f: Float = 0
  package var i: Int64 = 0
  package var s = Data()
  package var t: TensorProto?
  package var floats: [Float] = []
  package var ints: [Int64] = []
  package var strings: [Data] = []
  /// The type of the value by ONNX's numbers: 1 for `f`, 2 `i`, 3 `s`, 4 `t`, 6 `floats`, 7 `ints`, 8 `strings`.
  package var type: Int32 = 0
  package var sparseTensor: SparseTensorProto?

  package init() {}

  package static let fields: [ProtobufField<Self>] = [
    .text(1, \.name), .float(2, \.f), .integer(3, \.i), .bytes(4, \.s), .message(5, \.t), .floats(7, \.floats),
    .integers(8, \.ints), .byteStrings(9, \.strings), .integer(20, \.type), .message(22, \.sparseTensor),
  ]
}
