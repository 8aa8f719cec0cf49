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

  /// Searches `folder` and its subfolders.
  /// - Throws: `InputError` when the folder doesn't exist or has no ONNX files.
  public init(_ folder: String) throws {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue,
      let files = FileManager.default.enumerator(atPath: folder)
    else {
      throw InputError(
        "the folder doesn't exist", at: Place(file: folder),
        remedy: "Paths are relative to \(FileManager.default.currentDirectoryPath).")
    }
    models = files.compactMap { $0 as? String }.filter { $0.hasSuffix(".onnx") }
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
