import Core
import Foundation

/// The main graph of an ONNX file, unchanged.
struct ONNXFile {
  let path: String
  let graph: GraphProto
  /// The version of ONNX's own operator set in the file.
  let operatorSetVersion: Int
  /// The operators that the file itself defines, as `domain.name`.
  let functions: Set<String>

  /// - Throws: `InputError` that names the file when it is not a complete ONNX file.
  init(_ path: String) throws {
    try self.init(path, FileAccess.read(path))
  }

  init(_ path: String, _ content: Data) throws {
    func failure(_ cause: String, remedy: String? = "Export the model again, or copy it again.") -> InputError {
      InputError(cause, at: Place(file: path), remedy: remedy)
    }
    guard !content.isEmpty else { throw failure("the file is empty") }
    guard !content.starts(with: [0x50, 0x4B, 0x03, 0x04]) else {
      throw failure(
        "this is a zip archive, not an ONNX file",
        remedy: "Export the model with torch.onnx.export instead of torch.save.")
    }
    // ONNX's own libraries write the format's version first.
    let beginsLikeONNX = content.first == 0x08
    let model: ModelProto
    do {
      model = try ModelProto(decoding: content)
    } catch {
      switch error {
      case .tooManyMessages: throw failure("the file has more parts than any model: it may be damaged")
      case .truncated where beginsLikeONNX:
        throw failure("the file ends in the middle of a field: it is cut off")
      default: throw failure("this is not an ONNX file")
      }
    }
    guard let graph = model.graph, !graph.output.isEmpty, model.irVersion > 0 else {
      throw failure(beginsLikeONNX ? "the file has no complete graph: it may be cut off" : "this is not an ONNX file")
    }
    guard let operatorSet = model.opsetImport.first(where: { ["", "ai.onnx"].contains($0.domain) }) else {
      throw failure("the file has no version of ONNX's operator set: it may be cut off")
    }
    self.path = path
    self.graph = graph
    operatorSetVersion = Int(clamping: operatorSet.version)
    functions = Set(model.functions.map { "\($0.domain).\($0.name)" })
  }

  var place: Place { Place(file: path) }

  func failure(_ cause: String, remedy: String? = nil) -> InputError {
    InputError(cause, at: place, remedy: remedy)
  }
}
