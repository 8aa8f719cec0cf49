import Foundation

/// An array of numbers: weights, or a constant.
package struct TensorProto: ProtobufMessage {
  package var dims: [Int64] = []
  /// The type by ONNX's numbers: 1 for float, 7 for int64 and so on.
  package var dataType: Int32 = 0
  /// Packed floats as little-endian bytes. They are converted to numbers only when needed, because there are many
  /// weights (100 MB took 20 s one by one in an unoptimised build).
  package var floatData = Data()
  package var int32Data: [Int32] = []
  package var int64Data: [Int64] = []
  package var name = ""
  /// The elements in row-major order, little-endian, if none of the lists has them.
  package var rawData = Data()
  package var doubleData: [Double] = []
  /// The value 1 if the elements are in another file.
  package var dataLocation: Int32 = 0

  package init() {}

  package static let fields: [ProtobufField<Self>] = [
    .integers(1, \.dims), .integer(2, \.dataType), .bytes(4, \.floatData), .integers(5, \.int32Data),
    .integers(7, \.int64Data), .text(8, \.name), .bytes(9, \.rawData), .doubles(10, \.doubleData),
    .integer(14, \.dataLocation),
  ]
}

package struct SparseTensorProto: ProtobufMessage {
  package var values: TensorProto?
  package var dims: [Int64] = []

  package init() {}

  package static let fields: [ProtobufField<Self>] = [.message(1, \.values), .integers(3, \.dims)]
}
