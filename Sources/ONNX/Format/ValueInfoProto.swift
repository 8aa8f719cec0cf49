import Foundation

/// An input, an output or an intermediate value, with its type.
package struct ValueInfoProto: ProtobufMessage {
  package var name = ""
  package var type: TypeProto?

  package init() {}

  package static let fields: [ProtobufField<Self>] = [.text(1, \.name), .message(2, \.type)]
}

package struct TypeProto: ProtobufMessage {
  /// The tensor's type; nil if the value is not a tensor.
  package var tensorType: Tensor?

  package init() {}

  package static let fields: [ProtobufField<Self>] = [.message(1, \.tensorType)]

  package struct Tensor: ProtobufMessage {
    /// The type by ONNX's numbers, as in `TensorProto.dataType`.
    package var elemType: Int32 = 0
    package var shape: TensorShapeProto?

    package init() {}

    package static let fields: [ProtobufField<Self>] = [.integer(1, \.elemType), .message(2, \.shape)]
  }
}

package struct TensorShapeProto: ProtobufMessage {
  package var dim: [Dimension] = []

  package init() {}

  package static let fields: [ProtobufField<Self>] = [.messages(1, \.dim)]

  /// The extent of an axis: a number, or a name if it is open.
  package struct Dimension: ProtobufMessage {
    package var dimValue: Int64 = 0
    package var dimParam = ""

    package init() {}

    package static let fields: [ProtobufField<Self>] = [.integer(1, \.dimValue), .text(2, \.dimParam)]
  }
}
