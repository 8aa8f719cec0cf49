import Foundation

// The messages and fields of ONNX's onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto, Apache-2.0)
// that describe a model, with their original names and numbers. Other fields of a file are skipped.

/// A complete ONNX file.
package struct ModelProto: ProtobufMessage {
  package var irVersion: Int64 = 0
  package var producerName = ""
  package var producerVersion = ""
  package var graph: GraphProto?
  package var opsetImport: [OperatorSetIdProto] = []
  package var functions: [FunctionProto] = []

  package init() {}

  package static let fields: [ProtobufField<Self>] = [
    .integer(1, \.irVersion), .text(2, \.producerName), .text(3, \.producerVersion), .message(7, \.graph),
    .messages(8, \.opsetImport), .messages(25, \.functions),
  ]
}

/// The version of a domain's operator set that a file uses. ONNX's own domain is "".
package struct OperatorSetIdProto: ProtobufMessage {
  package var domain = ""
  package var version: Int64 = 0

  package init() {}

  package static let fields: [ProtobufField<Self>] = [.text(1, \.domain), .integer(2, \.version)]
}

/// An operator that the file itself defines.
package struct FunctionProto: ProtobufMessage {
  package var name = ""
  package var domain = ""

  package init() {}

  package static let fields: [ProtobufField<Self>] = [.text(1, \.name), .text(10, \.domain)]
}
