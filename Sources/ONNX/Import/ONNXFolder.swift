import Core
import Foundation

/// The ONNX models of a folder.
///
/// ```swift
/// let folder = try ONNXFolder("models")
/// let graphs = try folder.models.map { try NetworkGraph(onnx: $0.path, id: $0.id) }
/// try NetworkGraph.save(graphs, to: "architectures.jsonl")
/// ```
public struct ONNXFolder: Sendable {
  public struct Model: Hashable, Sendable {
    /// The path of the file, beginning with the folder's.
    public var path: String
    /// The path relative to the folder, without `.onnx`.
    public var id: String
  }

  /// The models in the order of their ids. Numbers in ids are compared as numbers.
  public let models: [Model]

  /// Searches `folder` and its subfolders. A cell that does this is stale when a model is added or removed.
  /// - Throws: `InputError` when the folder doesn't exist or has no ONNX files.
  public init(_ folder: String) throws {
    models = try FileAccess.list(folder, extensions: ["onnx"])
      .map { Model(path: folder.hasSuffix("/") ? folder + $0 : "\(folder)/\($0)", id: String($0.dropLast(5))) }
      .sorted { left, right in
        let order = left.id.compare(right.id, options: .numeric)
        return order == .orderedSame ? left.id < right.id : order == .orderedAscending
      }
    guard !models.isEmpty else {
      throw InputError("the folder has no .onnx files", at: Place(file: folder))
    }
  }
}
