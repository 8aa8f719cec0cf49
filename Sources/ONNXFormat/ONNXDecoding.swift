package import Foundation
internal import SwiftProtobuf

/// Why bytes are no ONNX model.
package enum ONNXDecodingFailure: Error {
  /// They end in the middle of a field.
  case truncated
  case malformed
}

extension ONNXModelProto {
  /// Reads the bytes of a file; what the schema doesn't have is read past.
  package init(decoding bytes: Data) throws(ONNXDecodingFailure) {
    var options = BinaryDecodingOptions()
    options.discardUnknownFields = true
    do {
      try self.init(serializedBytes: bytes, options: options)
    } catch BinaryDecodingError.truncated {
      throw .truncated
    } catch {
      throw .malformed
    }
  }
}
